using TorchSharp.Interop;

namespace TorchSharp;

// Sums, means, norms and truth values over all elements or some dimensions.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null)
            => Aten.SumDimIntList.Call(this, new[] { dim }, keepdim, Value.Type(type));

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null)
            => Aten.SumDimIntList.Call(this, new[] { dim0, dim1 }, keepdim, Value.Type(type));

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null)
            => Aten.SumDimIntList.Call(this, new[] { dim0, dim1, dim2 }, keepdim, Value.Type(type));

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null)
            => Aten.SumDimIntList.Call(this, dim, keepdim, Value.Type(type));

        public Tensor sum(ScalarType? type = null) => Aten.Sum.Call(this, Value.Type(type));
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);
        public Tensor mean() => Aten.Mean.Call(this, Value.None);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
            => Aten.MeanDim.Call(this, dimensions, keepdim, Value.Type(type));

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null)
            => Aten.ProdDimInt.Call(this, dim, keepdim, Value.Type(type));

        public Tensor prod(ScalarType? type = null) => Aten.Prod.Call(this, Value.Type(type));
        public Tensor all() => Aten.All.Call(this);
        public Tensor all(long dim, bool keepdim = false) => Aten.AllDim.Call(this, dim, keepdim);
        public Tensor any() => Aten.Any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Aten.AnyDim.Call(this, dim, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Logsumexp.Call(this, new[] { dim }, keepdim);

        public Tensor count_nonzero(long[] dims = null)
            => dims is null ? Aten.CountNonzero.Call(this, Value.None) : Aten.CountNonzeroDimIntList.Call(this, dims);

        public Tensor nansum() => Aten.Nansum.Call(this, Value.None, false, Value.None);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null)
            => Aten.Nanmean.Call(this, dim is int d ? new long[] { d } : Value.None, keepdim, Value.Type(dtype));

        public Tensor norm(int dim, bool keepdim = false, float p = 2f)
            => Aten.NormScalarOptDim.Call(this, (double)p, new long[] { dim }, keepdim);

        public Tensor norm(float p = 2f) => Aten.NormScalar.Call(this, (double)p);
        public Tensor dist(Tensor other, float p = 2f) => Aten.Dist.Call(this, other, (double)p);
        public Tensor renorm(float p, long dim, float maxnorm) => Aten.Renorm.Call(this, (double)p, dim, (double)maxnorm);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Histc.Call(this, bins, min, max);
        public Tensor bincount(Tensor weights, long minlength = 0) => Aten.Bincount.Call(this, weights, minlength);
        public Tensor trace() => Aten.Trace.Call(this);
    }

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);
    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        => input.sum(dim, keepdim, type);

    public static Tensor mean(Tensor input) => input.mean();

    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null)
        => input.mean(dimensions, keepdim, type);

    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);
    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);
    public static Tensor all(Tensor input) => input.all();
    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);
    public static Tensor any(Tensor input) => input.any();
    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);
    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);
    public static Tensor count_nonzero(Tensor input, long[] dims = null) => input.count_nonzero(dims);
    public static Tensor nansum(Tensor input) => input.nansum();

    public static Tensor nanmean(Tensor input, int? dim = null, bool keepdim = false, ScalarType? dtype = null)
        => input.nanmean(dim, keepdim, dtype);

    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2f) => input.norm(dimension, keepdim, p);
    public static Tensor norm(Tensor input, float p = 2f) => input.norm(p);
    public static Tensor dist(Tensor input, Tensor other, float p = 2f) => input.dist(other, p);
    public static Tensor renorm(Tensor input, float p, long dim, float maxnorm) => input.renorm(p, dim, maxnorm);
    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);
    public static Tensor bincount(Tensor input, Tensor weights = null, long minlength = 0) => input.bincount(weights, minlength);
    public static Tensor trace(Tensor input) => input.trace();
}

file static class Aten
{
    internal static readonly Op All = new("aten::all");
    internal static readonly Op AllDim = new("aten::all", "dim");
    internal static readonly Op Any = new("aten::any");
    internal static readonly Op AnyDim = new("aten::any", "dim");
    internal static readonly Op Bincount = new("aten::bincount");
    internal static readonly Op CountNonzero = new("aten::count_nonzero");
    internal static readonly Op CountNonzeroDimIntList = new("aten::count_nonzero", "dim_IntList");
    internal static readonly Op Dist = new("aten::dist");
    internal static readonly Op Histc = new("aten::histc");
    internal static readonly Op Logsumexp = new("aten::logsumexp");
    internal static readonly Op Mean = new("aten::mean");
    internal static readonly Op MeanDim = new("aten::mean", "dim");
    internal static readonly Op Nanmean = new("aten::nanmean");
    internal static readonly Op Nansum = new("aten::nansum");
    internal static readonly Op NormScalar = new("aten::norm", "Scalar");
    internal static readonly Op NormScalarOptDim = new("aten::norm", "ScalarOpt_dim");
    internal static readonly Op Prod = new("aten::prod");
    internal static readonly Op ProdDimInt = new("aten::prod", "dim_int");
    internal static readonly Op Renorm = new("aten::renorm");
    internal static readonly Op Sum = new("aten::sum");
    internal static readonly Op SumDimIntList = new("aten::sum", "dim_IntList");
    internal static readonly Op Trace = new("aten::trace");
}
