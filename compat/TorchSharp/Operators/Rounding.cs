using TorchSharp.Interop;

namespace TorchSharp;

// Rounding to whole numbers.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor round(long decimals = 0) => decimals == 0 ? Aten.Round.Call(this) : Aten.RoundDecimals.Call(this, decimals);

        public Tensor round_(long decimals = 0)
            => decimals == 0 ? Aten.RoundInPlace.CallInPlace(this) : Aten.RoundInPlaceDecimals.CallInPlace(this, decimals);

        public Tensor floor() => Aten.Floor.Call(this);
        public Tensor floor_() => Aten.FloorInPlace.CallInPlace(this);
        public Tensor ceil() => Aten.Ceil.Call(this);
        public Tensor ceil_() => Aten.CeilInPlace.CallInPlace(this);
        public Tensor trunc() => Aten.Trunc.Call(this);
        public Tensor trunc_() => Aten.TruncInPlace.CallInPlace(this);
        public Tensor fix() => trunc();
        public Tensor fix_() => trunc_();
        public Tensor frac() => Aten.Frac.Call(this);
        public Tensor frac_() => Aten.FracInPlace.CallInPlace(this);
    }

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);
    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);
    public static Tensor floor(Tensor input) => input.floor();
    public static Tensor floor_(Tensor input) => input.floor_();
    public static Tensor ceil(Tensor input) => input.ceil();
    public static Tensor ceil_(Tensor input) => input.ceil_();
    public static Tensor trunc(Tensor input) => input.trunc();
    public static Tensor trunc_(Tensor input) => input.trunc_();
    public static Tensor fix(Tensor input) => input.fix();
    public static Tensor fix_(Tensor input) => input.fix_();
    public static Tensor frac(Tensor input) => input.frac();
    public static Tensor frac_(Tensor input) => input.frac_();
}

file static class Aten
{
    internal static readonly Op Ceil = new("aten::ceil");
    internal static readonly Op CeilInPlace = new("aten::ceil_");
    internal static readonly Op Floor = new("aten::floor");
    internal static readonly Op FloorInPlace = new("aten::floor_");
    internal static readonly Op Frac = new("aten::frac");
    internal static readonly Op FracInPlace = new("aten::frac_");
    internal static readonly Op Round = new("aten::round");
    internal static readonly Op RoundDecimals = new("aten::round", "decimals");
    internal static readonly Op RoundInPlace = new("aten::round_");
    internal static readonly Op RoundInPlaceDecimals = new("aten::round_", "decimals");
    internal static readonly Op Trunc = new("aten::trunc");
    internal static readonly Op TruncInPlace = new("aten::trunc_");
}
