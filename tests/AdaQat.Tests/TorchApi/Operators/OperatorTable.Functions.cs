using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineFunctions()
    {
        Define("abs", a => [a.abs()]);
        Define("exp", a => [a.exp()]);
        Define("exp2", a => [a.exp2()]);
        Define("expm1", a => [a.expm1()]);
        Define("sigmoid", a => [a.sigmoid()]);
        Define("erf", a => [a.erf()]);
        Define("erfc", a => [a.erfc()]);
        Define("sin", a => [a.sin()]);
        Define("cos", a => [a.cos()]);
        Define("tan", a => [a.tan()]);
        Define("atan", a => [a.atan()]);
        Define("sinh", a => [a.sinh()]);
        Define("cosh", a => [a.cosh()]);
        Define("tanh", a => [a.tanh()]);
        Define("asinh", a => [a.asinh()]);
        Define("sign", a => [a.sign()]);
        Define("ceil", a => [a.ceil()]);
        Define("floor", a => [a.floor()]);
        Define("trunc", a => [a.trunc()]);
        Define("frac", a => [a.frac()]);
        Define("round", a => [round(a)]);
        Define("log", a => [a.log()]);
        Define("log2", a => [a.log2()]);
        Define("log10", a => [a.log10()]);
        Define("log1p", a => [a.log1p()]);
        Define("sqrt", a => [sqrt(a)]);
        Define("rsqrt", a => [a.rsqrt()]);
        Define("lgamma", a => [a.lgamma()]);
        Define("digamma", a => [a.digamma()]);
        Define("asin", a => [a.asin()]);
        Define("acos", a => [a.arccos()]);
        Define("atanh", a => [a.atanh()]);
        Define("erfinv", a => [a.erfinv()]);
        Define("acosh", a => [a.acosh()]);
        Define("atan2", (a, b) => [a.atan2(b)]);
        Define("logit", a => [a.logit(0.1)]);
        Define("round decimals", a => [a.round(1)]);
        Define("round ties", a => [(arange(-3, 4, dtype: ScalarType.Int64).to_type(a.dtype) + 0.5).round()]);
        Define("clamp", a => [a.clamp(-0.5, 1)]);
        Define("clamp min", a => [a.clamp_min(-0.5)]);
        Define("clamp max", a => [a.clamp(max: 0.5.ToScalar())]);
        Define("clamp tensors", (a, low, high) => [a.clamp(low, high)]);
        Define("nan_to_num", a => [a.log().nan_to_num(0.5, 1.5, -1.5)]);
        Define("sinc", a => [a.sinc()]);
        Define("xlogy", (a, b) => [a.xlogy(b)]);
    }
}
