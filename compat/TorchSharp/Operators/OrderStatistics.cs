using TorchSharp.Interop;

namespace TorchSharp;

// Medians, modes, quantiles and the k-th smallest value.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor median() => Aten.Median.Call(this);
        public Tensor nanmedian() => Aten.Nanmedian.Call(this);
        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => Aten.Mode.Call2(this, dim, keepdim);
        public (Tensor, Tensor) kthvalue(long k, long? dim, bool keepdim = false) => Aten.Kthvalue.Call2(this, k, dim ?? -1, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Quantile.Call(this, q, dim, keepdim, "linear");
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Nanquantile.Call(this, q, dim, keepdim, "linear");
    }

    public static Tensor median(Tensor input) => input.median();
    public static Tensor nanmedian(Tensor input) => input.nanmedian();
    public static (Tensor, Tensor) mode(Tensor input, long dim = -1, bool keepdim = false) => input.mode(dim, keepdim);
    public static (Tensor, Tensor) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);
    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);
    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.nanquantile(q, dim, keepdim);
}

file static class Aten
{
    internal static readonly Op Kthvalue = new("aten::kthvalue");
    internal static readonly Op Median = new("aten::median");
    internal static readonly Op Mode = new("aten::mode");
    internal static readonly Op Nanmedian = new("aten::nanmedian");
    internal static readonly Op Nanquantile = new("aten::nanquantile");
    internal static readonly Op Quantile = new("aten::quantile");
}
