using TorchSharp.Interop;

namespace TorchSharp;

// Circular and hyperbolic functions and their inverses.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sin() => Aten.Sin.Call(this);
        public Tensor sin_() => Aten.SinInPlace.CallInPlace(this);
        public Tensor cos() => Aten.Cos.Call(this);
        public Tensor cos_() => Aten.CosInPlace.CallInPlace(this);
        public Tensor tan() => Aten.Tan.Call(this);
        public Tensor tan_() => Aten.TanInPlace.CallInPlace(this);
        public Tensor asin() => Aten.Asin.Call(this);
        public Tensor asin_() => Aten.AsinInPlace.CallInPlace(this);
        public Tensor acos() => Aten.Acos.Call(this);
        public Tensor acos_() => Aten.AcosInPlace.CallInPlace(this);
        public Tensor atan() => Aten.Atan.Call(this);
        public Tensor atan_() => Aten.AtanInPlace.CallInPlace(this);
        public Tensor sinh() => Aten.Sinh.Call(this);
        public Tensor sinh_() => Aten.SinhInPlace.CallInPlace(this);
        public Tensor cosh() => Aten.Cosh.Call(this);
        public Tensor cosh_() => Aten.CoshInPlace.CallInPlace(this);
        public Tensor tanh() => Aten.Tanh.Call(this);
        public Tensor tanh_() => Aten.TanhInPlace.CallInPlace(this);
        public Tensor asinh() => Aten.Asinh.Call(this);
        public Tensor asinh_() => Aten.AsinhInPlace.CallInPlace(this);
        public Tensor acosh() => Aten.Acosh.Call(this);
        public Tensor acosh_() => Aten.AcoshInPlace.CallInPlace(this);
        public Tensor atanh() => Aten.Atanh.Call(this);
        public Tensor atanh_() => Aten.AtanhInPlace.CallInPlace(this);
        public Tensor atan2(Tensor other) => Aten.Atan2.Call(this, other);
        public Tensor atan2_(Tensor other) => Aten.Atan2InPlace.CallInPlace(this, other);
        public Tensor arcsin() => asin();
        public Tensor arcsin_() => asin_();
        public Tensor arccos() => acos();
        public Tensor arccos_() => acos_();
        public Tensor arctan() => atan();
        public Tensor arctan(Tensor other) => atan2(other);
        public Tensor arctan_() => atan_();
        public Tensor arctan_(Tensor other) => atan2_(other);
        public Tensor arctan2(Tensor other) => atan2(other);
        public Tensor arctan2_(Tensor other) => atan2_(other);
        public Tensor arcsinh() => asinh();
        public Tensor arcsinh_() => asinh_();
        public Tensor arccosh() => acosh();
        public Tensor arccosh_() => acosh_();
        public Tensor arctanh() => atanh();
        public Tensor arctanh_() => atanh_();
    }

    public static Tensor sin(Tensor input) => input.sin();
    public static Tensor sin_(Tensor input) => input.sin_();
    public static Tensor cos(Tensor input) => input.cos();
    public static Tensor cos_(Tensor input) => input.cos_();
    public static Tensor tan(Tensor input) => input.tan();
    public static Tensor tan_(Tensor input) => input.tan_();
    public static Tensor asin(Tensor input) => input.asin();
    public static Tensor asin_(Tensor input) => input.asin_();
    public static Tensor acos(Tensor input) => input.acos();
    public static Tensor acos_(Tensor input) => input.acos_();
    public static Tensor atan(Tensor input) => input.atan();
    public static Tensor atan_(Tensor input) => input.atan_();
    public static Tensor sinh(Tensor input) => input.sinh();
    public static Tensor sinh_(Tensor input) => input.sinh_();
    public static Tensor cosh(Tensor input) => input.cosh();
    public static Tensor cosh_(Tensor input) => input.cosh_();
    public static Tensor tanh(Tensor input) => input.tanh();
    public static Tensor tanh_(Tensor input) => input.tanh_();
    public static Tensor asinh(Tensor input) => input.asinh();
    public static Tensor asinh_(Tensor input) => input.asinh_();
    public static Tensor acosh(Tensor input) => input.acosh();
    public static Tensor acosh_(Tensor input) => input.acosh_();
    public static Tensor atanh(Tensor input) => input.atanh();
    public static Tensor atanh_(Tensor input) => input.atanh_();
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);
    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);
    public static Tensor arcsin(Tensor input) => input.arcsin();
    public static Tensor arcsin_(Tensor input) => input.arcsin_();
    public static Tensor arccos(Tensor input) => input.arccos();
    public static Tensor arccos_(Tensor input) => input.arccos_();
    public static Tensor arctan(Tensor input) => input.arctan();
    public static Tensor arctan(Tensor input, Tensor other) => input.arctan(other);
    public static Tensor arctan_(Tensor input) => input.arctan_();
    public static Tensor arctan_(Tensor input, Tensor other) => input.arctan_(other);
    public static Tensor arctan2(Tensor input, Tensor other) => input.arctan2(other);
    public static Tensor arctan2_(Tensor input, Tensor other) => input.arctan2_(other);
    public static Tensor arcsinh(Tensor input) => input.arcsinh();
    public static Tensor arcsinh_(Tensor input) => input.arcsinh_();
    public static Tensor arccosh(Tensor input) => input.arccosh();
    public static Tensor arccosh_(Tensor input) => input.arccosh_();
    public static Tensor arctanh(Tensor input) => input.arctanh();
    public static Tensor arctanh_(Tensor input) => input.arctanh_();
}

file static class Aten
{
    internal static readonly Op Acos = new("aten::acos");
    internal static readonly Op AcosInPlace = new("aten::acos_");
    internal static readonly Op Acosh = new("aten::acosh");
    internal static readonly Op AcoshInPlace = new("aten::acosh_");
    internal static readonly Op Asin = new("aten::asin");
    internal static readonly Op AsinInPlace = new("aten::asin_");
    internal static readonly Op Asinh = new("aten::asinh");
    internal static readonly Op AsinhInPlace = new("aten::asinh_");
    internal static readonly Op Atan = new("aten::atan");
    internal static readonly Op Atan2 = new("aten::atan2");
    internal static readonly Op Atan2InPlace = new("aten::atan2_");
    internal static readonly Op AtanInPlace = new("aten::atan_");
    internal static readonly Op Atanh = new("aten::atanh");
    internal static readonly Op AtanhInPlace = new("aten::atanh_");
    internal static readonly Op Cos = new("aten::cos");
    internal static readonly Op CosInPlace = new("aten::cos_");
    internal static readonly Op Cosh = new("aten::cosh");
    internal static readonly Op CoshInPlace = new("aten::cosh_");
    internal static readonly Op Sin = new("aten::sin");
    internal static readonly Op SinInPlace = new("aten::sin_");
    internal static readonly Op Sinh = new("aten::sinh");
    internal static readonly Op SinhInPlace = new("aten::sinh_");
    internal static readonly Op Tan = new("aten::tan");
    internal static readonly Op TanInPlace = new("aten::tan_");
    internal static readonly Op Tanh = new("aten::tanh");
    internal static readonly Op TanhInPlace = new("aten::tanh_");
}
