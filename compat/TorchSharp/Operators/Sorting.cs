using TorchSharp.Interop;

namespace TorchSharp;

// Orders and the largest elements.
public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor, Tensor) sort(long dim = -1, bool descending = false, bool stable = false)
            => Aten.SortStable.Call2(this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Argsort.Call(this, dim, descending);

        public (Tensor, Tensor) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
            => Aten.Topk.Call2(this, k, dim, largest, sorted);

        public Tensor msort() => Aten.Msort.Call(this);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
            => Aten.BucketizeTensor.Call(this, boundaries, outInt32, right);

        public (Tensor, Tensor, Tensor) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
            => dim is int d
                ? Aten.UniqueDim.Call3(this, d, sorted, return_inverse, return_counts)
                : Aten.InternalUnique2.Call3(this, sorted, return_inverse, return_counts);

        public (Tensor, Tensor, Tensor) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
            => Aten.UniqueConsecutive.Call3(this, return_inverse, return_counts, Value.Optional(dim));
    }

    public static (Tensor, Tensor) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false)
        => input.sort(dim, descending, stable);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    public static (Tensor, Tensor) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true)
        => tensor.topk(k, dim, largest, sorted);

    public static Tensor msort(Tensor tensor) => tensor.msort();

    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false)
        => input.bucketize(boundaries, outInt32, right);

    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor sorter)
        => Aten.SearchsortedScalar.Call(sorted_sequence, values, out_int32, right, Value.None, sorter);

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false,
        Tensor sorter = null)
        => Aten.SearchsortedTensor.Call(sorted_sequence, values, out_int32, right, Value.None, sorter);

    public static (Tensor, Tensor, Tensor) unique(Tensor input, bool sorted = true, bool return_inverse = false,
        bool return_counts = false, int? dim = null)
        => input.unique(sorted, return_inverse, return_counts, dim);

    public static (Tensor, Tensor, Tensor) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false,
        int? dim = null)
        => input.unique_consecutive(return_inverse, return_counts, dim);
}

file static class Aten
{
    internal static readonly Op Argsort = new("aten::argsort");
    internal static readonly Op BucketizeTensor = new("aten::bucketize", "Tensor");
    internal static readonly Op InternalUnique2 = new("aten::_unique2");
    internal static readonly Op Msort = new("aten::msort");
    internal static readonly Op SearchsortedScalar = new("aten::searchsorted", "Scalar");
    internal static readonly Op SearchsortedTensor = new("aten::searchsorted", "Tensor");
    internal static readonly Op SortStable = new("aten::sort", "stable");
    internal static readonly Op Topk = new("aten::topk");
    internal static readonly Op UniqueConsecutive = new("aten::unique_consecutive");
    internal static readonly Op UniqueDim = new("aten::unique_dim");
}
