using TorchSharp.Interop;

namespace TorchSharp;

// Largest and smallest elements, and where they are.
public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor, Tensor) max(long dim, bool keepdim = false) => Aten.MaxDim.Call2(this, dim, keepdim);
        public Tensor max() => Aten.Max.Call(this);
        public Tensor max(Tensor other) => Aten.MaxOther.Call(this, other);
        public (Tensor, Tensor) min(long dim, bool keepdim = false) => Aten.MinDim.Call2(this, dim, keepdim);
        public Tensor min() => Aten.Min.Call(this);
        public Tensor min(Tensor other) => Aten.MinOther.Call(this, other);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor @out = null)
            => @out is null ? Aten.Amax.Call(this, dims, keepdim) : Aten.AmaxOut.Call(this, dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => amax(dims.ToArray(), keepdim, @out);
        public Tensor amax(params long[] dims) => Aten.Amax.Call(this, dims, false);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor @out = null)
            => @out is null ? Aten.Amin.Call(this, dims, keepdim) : Aten.AminOut.Call(this, dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => amin(dims.ToArray(), keepdim, @out);
        public Tensor amin(params long[] dims) => Aten.Amin.Call(this, dims, false);
        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => Aten.Aminmax.Call2(this, Value.Optional(dim), keepdim);
        public Tensor argmax() => Aten.Argmax.Call(this, Value.None, false);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Aten.Argmin.Call(this, Value.None, false);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.Argmin.Call(this, dim, keepdim);
    }

    public static (Tensor, Tensor) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);
    public static Tensor max(Tensor input) => input.max();
    public static Tensor max(Tensor input, Tensor other) => input.max(other);
    public static (Tensor, Tensor) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);
    public static Tensor min(Tensor input) => input.min();
    public static Tensor min(Tensor input, Tensor other) => input.min(other);
    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);
    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor @out = null) => input.amax(dims, keepdim, @out);

    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null)
        => input.amax(dims, keepdim, @out);

    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor @out = null) => input.amin(dims, keepdim, @out);

    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null)
        => input.amin(dims, keepdim, @out);

    public static (Tensor, Tensor) aminmax(Tensor input, long? dim = null, bool keepdim = false) => input.aminmax(dim, keepdim);
    public static Tensor argmax(Tensor input) => input.argmax();
    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);
    public static Tensor argmin(Tensor input) => input.argmin();
    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);
}

file static class Aten
{
    internal static readonly Op Amax = new("aten::amax");
    internal static readonly Op AmaxOut = new("aten::amax", "out");
    internal static readonly Op Amin = new("aten::amin");
    internal static readonly Op AminOut = new("aten::amin", "out");
    internal static readonly Op Aminmax = new("aten::aminmax");
    internal static readonly Op Argmax = new("aten::argmax");
    internal static readonly Op Argmin = new("aten::argmin");
    internal static readonly Op Max = new("aten::max");
    internal static readonly Op MaxDim = new("aten::max", "dim");
    internal static readonly Op MaxOther = new("aten::max", "other");
    internal static readonly Op Min = new("aten::min");
    internal static readonly Op MinDim = new("aten::min", "dim");
    internal static readonly Op MinOther = new("aten::min", "other");
}
