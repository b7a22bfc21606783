using TorchSharp.Interop;

namespace TorchSharp;

// Several tensors made into one.
public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Cat.Call(tensors.ToArray(), dim);
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Aten.Cat.Call(tensors.ToArray(), dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Aten.Cat.Call(tensors, dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Aten.Stack.Call(tensors.ToArray(), dim);
    public static Tensor hstack(IEnumerable<Tensor> tensors) => Aten.Hstack.Call(tensors.ToArray());
    public static Tensor hstack(IList<Tensor> tensors) => Aten.Hstack.Call(tensors.ToArray());
    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => Aten.Hstack.Call(tensors.ToArray());
    public static Tensor hstack(params Tensor[] tensors) => Aten.Hstack.Call(tensors);
    public static Tensor vstack(IList<Tensor> tensors) => Aten.Vstack.Call(tensors.ToArray());
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => Aten.Vstack.Call(tensors.ToArray());
    public static Tensor vstack(Tensor[] tensors) => Aten.Vstack.Call(tensors);
    public static Tensor dstack(IEnumerable<Tensor> tensors) => Aten.Dstack.Call(tensors.ToArray());
    public static Tensor dstack(IList<Tensor> tensors) => Aten.Dstack.Call(tensors.ToArray());
    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => Aten.Dstack.Call(tensors.ToArray());
    public static Tensor dstack(params Tensor[] tensors) => Aten.Dstack.Call(tensors);
    public static Tensor column_stack(IList<Tensor> tensors) => Aten.ColumnStack.Call(tensors.ToArray());
    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => Aten.ColumnStack.Call(tensors.ToArray());
    public static Tensor column_stack(params Tensor[] tensors) => Aten.ColumnStack.Call(tensors);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
        => Aten.MeshgridIndexing.CallList(tensors.ToArray(), indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Aten.BroadcastTensors.CallList(tensors);
    public static Tensor block_diag(params Tensor[] tensors) => Aten.BlockDiag.Call(tensors);
}

file static class Aten
{
    internal static readonly Op BlockDiag = new("aten::block_diag");
    internal static readonly Op BroadcastTensors = new("aten::broadcast_tensors");
    internal static readonly Op Cat = new("aten::cat");
    internal static readonly Op ColumnStack = new("aten::column_stack");
    internal static readonly Op Dstack = new("aten::dstack");
    internal static readonly Op Hstack = new("aten::hstack");
    internal static readonly Op MeshgridIndexing = new("aten::meshgrid", "indexing");
    internal static readonly Op Stack = new("aten::stack");
    internal static readonly Op Vstack = new("aten::vstack");
}
