using TorchSharp.Interop;

namespace TorchSharp;

// Elements picked and placed by tensors of positions.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Aten.Gather.Call(this, dim, index, false);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.ScatterSrc.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.ScatterInPlaceSrc.CallInPlace(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.ScatterAdd.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.ScatterAddInPlace.CallInPlace(this, dim, index, src);
        public Tensor index_select(long dim, Tensor index) => Aten.IndexSelect.Call(this, dim, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.IndexAdd.Call(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
            => Aten.IndexAddInPlace.CallInPlace(this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.IndexCopy.Call(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.IndexCopyInPlace.CallInPlace(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.IndexFillIntScalar.Call(this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
            => Aten.IndexFillInPlaceIntScalar.CallInPlace(this, dim, index, value);

        public Tensor take(Tensor index) => Aten.Take.Call(this, index);
        public Tensor take_along_dim(Tensor indices) => Aten.TakeAlongDim.Call(this, indices, Value.None);
        public Tensor take_along_dim(Tensor indices, long dim) => Aten.TakeAlongDim.Call(this, indices, dim);
        public Tensor select_scatter(Tensor src, long dim, long index) => Aten.SelectScatter.Call(this, src, dim, index);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1)
            => Aten.SliceScatter.Call(this, src, dim, Value.Optional(start), Value.Optional(end), step);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1)
            => Aten.DiagonalScatter.Call(this, src, offset, dim1, dim2);
    }

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false)
        => Aten.Gather.Call(input, dim, index, sparse_grad);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);
    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_(dim, index, src);
    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);
    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add_(dim, index, src);
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha)
        => input.index_add(dim, index, source, alpha);

    public static Tensor index_add_(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha)
        => input.index_add_(dim, index, source, alpha);

    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy(dim, index, source);
    public static Tensor index_copy_(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy_(dim, index, source);
    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill(dim, index, value);
    public static Tensor index_fill_(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill_(dim, index, value);
    public static Tensor take(Tensor input, Tensor index) => input.take(index);
    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);
    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) => input.select_scatter(src, dim, index);

    public static Tensor slice_scatter(Tensor input, Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1)
        => input.slice_scatter(src, dim, start, end, step);

    public static Tensor diagonal_scatter(Tensor input, Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1)
        => input.diagonal_scatter(src, offset, dim1, dim2);
}

file static class Aten
{
    internal static readonly Op DiagonalScatter = new("aten::diagonal_scatter");
    internal static readonly Op Gather = new("aten::gather");
    internal static readonly Op IndexAdd = new("aten::index_add");
    internal static readonly Op IndexAddInPlace = new("aten::index_add_");
    internal static readonly Op IndexCopy = new("aten::index_copy");
    internal static readonly Op IndexCopyInPlace = new("aten::index_copy_");
    internal static readonly Op IndexFillInPlaceIntScalar = new("aten::index_fill_", "int_Scalar");
    internal static readonly Op IndexFillIntScalar = new("aten::index_fill", "int_Scalar");
    internal static readonly Op IndexSelect = new("aten::index_select");
    internal static readonly Op ScatterAdd = new("aten::scatter_add");
    internal static readonly Op ScatterAddInPlace = new("aten::scatter_add_");
    internal static readonly Op ScatterInPlaceSrc = new("aten::scatter_", "src");
    internal static readonly Op ScatterSrc = new("aten::scatter", "src");
    internal static readonly Op SelectScatter = new("aten::select_scatter");
    internal static readonly Op SliceScatter = new("aten::slice_scatter");
    internal static readonly Op Take = new("aten::take");
    internal static readonly Op TakeAlongDim = new("aten::take_along_dim");
}
