using TorchSharp.Interop;

namespace TorchSharp;

// Parts of a tensor along a dimension.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor narrow(long dim, long start, long length) => Aten.Narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Aten.SelectInt.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Aten.SliceTensor.Call(this, dim, start, finish, step);
        public Tensor[] split(long size, int dim = 0) => Aten.SplitTensor.CallList(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Aten.SplitWithSizes.CallList(this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);
        public Tensor[] split(params long[] sizes) => Aten.SplitWithSizes.CallList(this, sizes, 0);
        public Tensor[] chunk(long chunks, long dim = 0) => Aten.Chunk.CallList(this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => Aten.UnbindInt.CallList(this, dimension);
        public Tensor[] tensor_split(long size, long dim = 0) => Aten.TensorSplitSections.CallList(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.TensorSplitIndices.CallList(this, sizes, dim);
    }

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);
    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);
    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);
    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);
    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);
    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);

    public static Tensor[] tensor_split(Tensor input, long indices_or_sections, long dim = 0)
        => input.tensor_split(indices_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, long[] indices_or_sections, long dim = 0)
        => input.tensor_split(indices_or_sections, dim);
}

file static class Aten
{
    internal static readonly Op Chunk = new("aten::chunk");
    internal static readonly Op Narrow = new("aten::narrow");
    internal static readonly Op SelectInt = new("aten::select", "int");
    internal static readonly Op SliceTensor = new("aten::slice", "Tensor");
    internal static readonly Op SplitTensor = new("aten::split", "Tensor");
    internal static readonly Op SplitWithSizes = new("aten::split_with_sizes");
    internal static readonly Op TensorSplitIndices = new("aten::tensor_split", "indices");
    internal static readonly Op TensorSplitSections = new("aten::tensor_split", "sections");
    internal static readonly Op UnbindInt = new("aten::unbind", "int");
}
