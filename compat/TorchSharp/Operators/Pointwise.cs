using TorchSharp.Interop;

namespace TorchSharp;

// Functions of one element: sign, roots, exponentials, logarithms, error and gamma functions.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.Abs.Call(this);
        public Tensor abs_() => Aten.AbsInPlace.CallInPlace(this);
        public Tensor absolute() => abs();
        public Tensor absolute_() => abs_();
        public Tensor sign() => Aten.Sign.Call(this);
        public Tensor sign_() => Aten.SignInPlace.CallInPlace(this);
        public Tensor sgn() => Aten.Sgn.Call(this);
        public Tensor sgn_() => Aten.SgnInPlace.CallInPlace(this);
        public Tensor signbit() => Aten.Signbit.Call(this);
        public Tensor sqrt() => Aten.Sqrt.Call(this);
        public Tensor sqrt_() => Aten.SqrtInPlace.CallInPlace(this);
        public Tensor rsqrt() => Aten.Rsqrt.Call(this);
        public Tensor rsqrt_() => Aten.RsqrtInPlace.CallInPlace(this);
        public Tensor exp() => Aten.Exp.Call(this);
        public Tensor exp_() => Aten.ExpInPlace.CallInPlace(this);
        public Tensor exp2() => Aten.Exp2.Call(this);
        public Tensor expm1() => Aten.Expm1.Call(this);
        public Tensor expm1_() => Aten.Expm1InPlace.CallInPlace(this);
        public Tensor log() => Aten.Log.Call(this);
        public Tensor log_() => Aten.LogInPlace.CallInPlace(this);
        public Tensor log10() => Aten.Log10.Call(this);
        public Tensor log10_() => Aten.Log10InPlace.CallInPlace(this);
        public Tensor log1p() => Aten.Log1p.Call(this);
        public Tensor log1p_() => Aten.Log1pInPlace.CallInPlace(this);
        public Tensor log2() => Aten.Log2.Call(this);
        public Tensor log2_() => Aten.Log2InPlace.CallInPlace(this);
        public Tensor erf() => Aten.Erf.Call(this);
        public Tensor erf_() => Aten.ErfInPlace.CallInPlace(this);
        public Tensor erfc() => Aten.Erfc.Call(this);
        public Tensor erfc_() => Aten.ErfcInPlace.CallInPlace(this);
        public Tensor erfinv() => Aten.Erfinv.Call(this);
        public Tensor erfinv_() => Aten.ErfinvInPlace.CallInPlace(this);
        public Tensor lgamma() => Aten.Lgamma.Call(this);
        public Tensor lgamma_() => Aten.LgammaInPlace.CallInPlace(this);
        public Tensor digamma() => Aten.Digamma.Call(this);
        public Tensor digamma_() => Aten.DigammaInPlace.CallInPlace(this);
        public Tensor sigmoid() => Aten.Sigmoid.Call(this);
        public Tensor sigmoid_() => Aten.SigmoidInPlace.CallInPlace(this);
        public Tensor logit(double? eps = null) => Aten.Logit.Call(this, Value.Optional(eps));
        public Tensor sinc() => Aten.Sinc.Call(this);
        public Tensor sinc_() => Aten.SincInPlace.CallInPlace(this);
        public Tensor deg2rad() => Aten.Deg2rad.Call(this);
        public Tensor rad2deg() => Aten.Rad2deg.Call(this);
        public Tensor heaviside(Tensor other) => Aten.Heaviside.Call(this, other);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
            => Aten.NanToNum.Call(this, nan, Value.Optional(posinf), Value.Optional(neginf));
    }

    public static Tensor abs(Tensor input) => input.abs();
    public static Tensor abs_(Tensor input) => input.abs_();
    public static Tensor absolute(Tensor input) => input.absolute();
    public static Tensor absolute_(Tensor input) => input.absolute_();
    public static Tensor sign(Tensor input) => input.sign();
    public static Tensor sign_(Tensor input) => input.sign_();
    public static Tensor sgn(Tensor input) => input.sgn();
    public static Tensor sgn_(Tensor input) => input.sgn_();
    public static Tensor signbit(Tensor input) => input.signbit();
    public static Tensor sqrt(Tensor input) => input.sqrt();
    public static Tensor sqrt_(Tensor input) => input.sqrt_();
    public static Tensor rsqrt(Tensor input) => input.rsqrt();
    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();
    public static Tensor exp(Tensor input) => input.exp();
    public static Tensor exp_(Tensor input) => input.exp_();
    public static Tensor exp2(Tensor input) => input.exp2();
    public static Tensor expm1(Tensor input) => input.expm1();
    public static Tensor expm1_(Tensor input) => input.expm1_();
    public static Tensor log(Tensor input) => input.log();
    public static Tensor log_(Tensor input) => input.log_();
    public static Tensor log10(Tensor input) => input.log10();
    public static Tensor log10_(Tensor input) => input.log10_();
    public static Tensor log1p(Tensor input) => input.log1p();
    public static Tensor log1p_(Tensor input) => input.log1p_();
    public static Tensor log2(Tensor input) => input.log2();
    public static Tensor log2_(Tensor input) => input.log2_();
    public static Tensor erf(Tensor input) => input.erf();
    public static Tensor erf_(Tensor input) => input.erf_();
    public static Tensor erfc(Tensor input) => input.erfc();
    public static Tensor erfc_(Tensor input) => input.erfc_();
    public static Tensor erfinv(Tensor input) => input.erfinv();
    public static Tensor erfinv_(Tensor input) => input.erfinv_();
    public static Tensor lgamma(Tensor input) => input.lgamma();
    public static Tensor lgamma_(Tensor input) => input.lgamma_();
    public static Tensor digamma(Tensor input) => input.digamma();
    public static Tensor digamma_(Tensor input) => input.digamma_();
    public static Tensor sigmoid(Tensor input) => input.sigmoid();
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);
    public static Tensor sinc(Tensor input) => input.sinc();
    public static Tensor sinc_(Tensor input) => input.sinc_();
    public static Tensor deg2rad(Tensor input) => input.deg2rad();
    public static Tensor rad2deg(Tensor input) => input.rad2deg();

    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null)
        => input.nan_to_num(nan, posinf, neginf);
}

file static class Aten
{
    internal static readonly Op Abs = new("aten::abs");
    internal static readonly Op AbsInPlace = new("aten::abs_");
    internal static readonly Op Deg2rad = new("aten::deg2rad");
    internal static readonly Op Digamma = new("aten::digamma");
    internal static readonly Op DigammaInPlace = new("aten::digamma_");
    internal static readonly Op Erf = new("aten::erf");
    internal static readonly Op ErfInPlace = new("aten::erf_");
    internal static readonly Op Erfc = new("aten::erfc");
    internal static readonly Op ErfcInPlace = new("aten::erfc_");
    internal static readonly Op Erfinv = new("aten::erfinv");
    internal static readonly Op ErfinvInPlace = new("aten::erfinv_");
    internal static readonly Op Exp = new("aten::exp");
    internal static readonly Op Exp2 = new("aten::exp2");
    internal static readonly Op ExpInPlace = new("aten::exp_");
    internal static readonly Op Expm1 = new("aten::expm1");
    internal static readonly Op Expm1InPlace = new("aten::expm1_");
    internal static readonly Op Heaviside = new("aten::heaviside");
    internal static readonly Op Lgamma = new("aten::lgamma");
    internal static readonly Op LgammaInPlace = new("aten::lgamma_");
    internal static readonly Op Log = new("aten::log");
    internal static readonly Op Log10 = new("aten::log10");
    internal static readonly Op Log10InPlace = new("aten::log10_");
    internal static readonly Op Log1p = new("aten::log1p");
    internal static readonly Op Log1pInPlace = new("aten::log1p_");
    internal static readonly Op Log2 = new("aten::log2");
    internal static readonly Op Log2InPlace = new("aten::log2_");
    internal static readonly Op LogInPlace = new("aten::log_");
    internal static readonly Op Logit = new("aten::logit");
    internal static readonly Op NanToNum = new("aten::nan_to_num");
    internal static readonly Op Rad2deg = new("aten::rad2deg");
    internal static readonly Op Rsqrt = new("aten::rsqrt");
    internal static readonly Op RsqrtInPlace = new("aten::rsqrt_");
    internal static readonly Op Sgn = new("aten::sgn");
    internal static readonly Op SgnInPlace = new("aten::sgn_");
    internal static readonly Op Sigmoid = new("aten::sigmoid");
    internal static readonly Op SigmoidInPlace = new("aten::sigmoid_");
    internal static readonly Op Sign = new("aten::sign");
    internal static readonly Op SignInPlace = new("aten::sign_");
    internal static readonly Op Signbit = new("aten::signbit");
    internal static readonly Op Sinc = new("aten::sinc");
    internal static readonly Op SincInPlace = new("aten::sinc_");
    internal static readonly Op Sqrt = new("aten::sqrt");
    internal static readonly Op SqrtInPlace = new("aten::sqrt_");
}
