using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineArithmetic()
    {
        Define("add", (a, b) => [a + b]);
        Define("add alpha", (a, b) => [a.add(b, 0.5)]);
        Define("add number", a => [a + 0.1]);
        Define("sub", (a, b) => [a - b]);
        Define("number sub", a => [3 - a]);
        Define("mul", (a, b) => [a * b]);
        Define("div", (a, b) => [a / b]);
        Define("number div", a => [0.3 / a]);
        Define("div floor", (a, b) => [a.div(b, RoundingMode.floor)]);
        Define("div trunc", (a, b) => [div(a, b, RoundingMode.trunc)]);
        Define("floor_divide", (a, b) => [a.floor_divide(b)]);
        Define("remainder", (a, b) => [a % b]);
        Define("fmod", a => [a.fmod(0.7)]);
        Define("neg", a => [-a]);
        Define("pow number", a => [a.pow(2.5)]);
        Define("pow", (a, b) => [pow(a, b)]);
        Define("square", a => [a.square()]);
        Define("reciprocal", a => [a.reciprocal()]);
        Define("addcmul", (a, b, c) => [a.addcmul(b, c, 0.5)]);
        Define("addcdiv", (a, b, c) => [a.addcdiv(b, c, 0.5)]);
        Define("lerp", (a, b, w) => [lerp(a, b, w)]);
        Define("hypot", (a, b) => [a.hypot(b)]);
        Define("logaddexp", (a, b) => [a.logaddexp(b)]);
        Define("integers", (a, b) => [a + b, a - b, a * b, a / b, a % b, 7 - a, a.floor_divide(b)]);

        Define("comparisons", (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);
        Define("comparisons number", a => [a == 1, a != 1, a < 1, a <= 1, a > 1, a >= 1]);
        Define("maximum", (a, b) => [maximum(a, b), a.minimum(b)]);
        Define("finite", a => [a.log().isnan(), (a / 0).isinf(), (a / 0).isfinite()]);
        Define("isclose", a => [a.isclose(a.round(), 0.1, 0.1)]);
        Define("logic", (a, b) => [a & b, a | b, a ^ b, ~a, a.logical_and(b), a.logical_or(b), a.logical_xor(b), a.logical_not()]);
        Define("bits", (a, b) => [a & b, a | b, a ^ b, ~a, a.bitwise_left_shift(b), a.bitwise_right_shift(b)]);
    }
}
