using TorchSharp.Interop;

namespace TorchSharp;

// Running sums, products and extremes, and differences.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Cumsum.Call(this, dim, Value.Type(type));
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Cumprod.Call(this, dim, Value.Type(type));
        public (Tensor, Tensor) cummax(long dim) => Aten.Cummax.Call2(this, dim);
        public (Tensor, Tensor) cummin(long dim) => Aten.Cummin.Call2(this, dim);
        public Tensor logcumsumexp(long dim) => Aten.Logcumsumexp.Call(this, dim);

        public Tensor diff(long n = 1, long dim = -1, Tensor prepend = null, Tensor append = null)
            => Aten.Diff.Call(this, n, dim, prepend, append);

        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.TrapezoidDx.Call(this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.TrapezoidX.Call(this, x, dim);
    }

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);
    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);
    public static (Tensor, Tensor) cummax(Tensor input, long dim) => input.cummax(dim);
    public static (Tensor, Tensor) cummin(Tensor input, long dim) => input.cummin(dim);
    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);

    public static Tensor diff(Tensor input, long n = 1, long dim = -1, Tensor prepend = null, Tensor append = null)
        => input.diff(n, dim, prepend, append);

    public static Tensor trapezoid(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);
    public static Tensor trapezoid(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);
}

file static class Aten
{
    internal static readonly Op Cummax = new("aten::cummax");
    internal static readonly Op Cummin = new("aten::cummin");
    internal static readonly Op Cumprod = new("aten::cumprod");
    internal static readonly Op Cumsum = new("aten::cumsum");
    internal static readonly Op Diff = new("aten::diff");
    internal static readonly Op Logcumsumexp = new("aten::logcumsumexp");
    internal static readonly Op TrapezoidDx = new("aten::trapezoid", "dx");
    internal static readonly Op TrapezoidX = new("aten::trapezoid", "x");
}
