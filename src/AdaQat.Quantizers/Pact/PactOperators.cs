using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Pact;

/// <summary>PACT's formulas, one tensor operator after the other: for every device, type and layout.</summary>
/// <remarks>
/// y = clip(x, 0, α), x̂ = (α/s)·round(y·s/α) with s = 2^k − 1. The signed form clips to [−α, α] and has s = 2^(k−1) − 1 steps on either
/// side of zero; with one bit, which has no zero, x̂ = α where x &gt; 0, else −α. NaN stays NaN and has no gradient.
/// </remarks>
internal static class PactOperators
{
    /// <summary>x̂.</summary>
    public static Tensor Forward(Tensor input, Tensor clippingValue, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var y = Clip(input, clippingValue, isSigned);
        return Quantize(y, clippingValue, bits, isSigned).MoveToOuterDisposeScope();
    }

    /// <summary>The codes, as whole numbers of the input's type; with one bit in the signed form 0 and 1.</summary>
    public static Tensor Codes(Tensor input, Tensor clippingValue, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var y = Clip(input, clippingValue, isSigned);
        return (isSigned && bits == 1 ? y.Gt(0) : Rounded(y, clippingValue, Steps(bits, isSigned))).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂x: the gradient where x lies strictly inside the clipping range, else 0.</summary>
    public static Tensor BackwardInput(Tensor gradient, Tensor input, Tensor clippingValue, bool isSigned)
    {
        using var scope = NewDisposeScope();
        return Where(Inside(input, clippingValue, isSigned), gradient).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ∂L/∂α: the gradient summed where x ≥ α (minus where x ≤ −α), and for the calibrated form g·(x̂ − y)/α summed inside.
    /// </summary>
    public static Tensor BackwardClippingValue(
        Tensor gradient, Tensor input, Tensor clippingValue, int bits, bool isSigned, PactGradient form)
    {
        using var scope = NewDisposeScope();
        var sum = Where(input.ge(clippingValue), gradient).sum();
        if (isSigned)
        {
            sum = sum - Where(input.le(clippingValue.neg()), gradient).sum();
        }

        if (form == PactGradient.Calibrated)
        {
            var y = Clip(input, clippingValue, isSigned);
            var error = (Quantize(y, clippingValue, bits, isSigned) - y) / clippingValue;
            sum = sum.Add(Where(Inside(input, clippingValue, isSigned), gradient * error).sum());
        }

        return sum.reshape(clippingValue.shape).MoveToOuterDisposeScope();
    }

    private static Tensor Clip(Tensor x, Tensor alpha, bool isSigned) =>
        isSigned ? x.minimum(alpha).maximum(alpha.neg()) : x.minimum(alpha).ClampMin(0);

    private static Tensor Quantize(Tensor y, Tensor alpha, int bits, bool isSigned)
    {
        if (isSigned && bits == 1)
        {
            return where(y.Gt(0), alpha, where(y.isnan(), y, alpha.neg()));
        }

        var s = Steps(bits, isSigned);
        return Rounded(y, alpha, s).mul(alpha.Div(s));
    }

    private static double Steps(int bits, bool isSigned) => isSigned ? Grid.SignedSteps(bits) : Grid.Steps(bits);

    /// <summary>A zero has no sign afterwards, as a code has none.</summary>
    private static Tensor Rounded(Tensor y, Tensor alpha, double steps) => y.Mul(steps).div(alpha).round().Add(0);

    private static Tensor Inside(Tensor x, Tensor alpha, bool isSigned) =>
        isSigned ? x.abs().lt(alpha) : x.Gt(0).logical_and(x.lt(alpha));

    private static Tensor Where(Tensor condition, Tensor gradient) => gradient.MaskedFill(condition.logical_not(), 0);
}
