using AdaQat.Quantizers.Levels;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Ternary;

/// <summary>Ternary weights (TWN, arXiv 1605.04711; TTQ, arXiv 1612.01064), one tensor operator after the other.</summary>
/// <remarks>
/// Δ = f·mean|w| with f = 0.7, and a granule's code is t = sign(w) where |w| &gt; Δ, else 0. TWN: ŵ = a·t, a the mean of |w| where
/// |w| &gt; Δ, and ∂L/∂w = ∂L/∂ŵ. TTQ: ŵ = p where t = 1 and −n where t = −1, with g = ∂L/∂ŵ:
/// ∂L/∂w is p·g, g and n·g where t is 1, 0 and −1, ∂L/∂p is the sum of g where t = 1, ∂L/∂n minus that where t = −1.
/// A granule of zeros gives zeros; one that holds NaN or infinity becomes NaN.
/// </remarks>
internal static class TernaryOperators
{
    /// <summary>Δ and a of each granule, a row each.</summary>
    public static Tensor Numbers(Tensor weight, TernaryOptions options)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, options.Granularity);
        var magnitude = view.abs();
        var threshold = Granules.Mean(magnitude, numbers).Mul(options.Threshold);
        var isBelow = magnitude.gt(threshold).logical_not();
        var count = Granules.Sum(isBelow.logical_not().to(view.dtype), numbers);
        var scale = Granules.Sum(magnitude.MaskedFill(isBelow, 0), numbers).div(count.ClampMin(1));
        // The last difference is 0, or NaN where a weight is not finite: nothing lies above the threshold then, and zeros would hide it.
        return stack([threshold.reshape(-1), scale.Add(threshold.sub(threshold)).reshape(-1)]).MoveToOuterDisposeScope();
    }

    /// <summary>Δ of the whole tensor, a scalar.</summary>
    public static Tensor Threshold(Tensor weight, TernaryOptions options)
    {
        using var scope = NewDisposeScope();
        return weight.abs().mean().Mul(options.Threshold).MoveToOuterDisposeScope();
    }

    /// <summary>ŵ of TWN.</summary>
    public static Tensor Forward(Tensor weight, Tensor numbers, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (codes, shape) = Codes(weight, numbers.select(0, 0), granularity);
        return codes.mul(numbers.select(0, 1).reshape(shape)).reshape(weight.shape).MoveToOuterDisposeScope();
    }

    /// <summary>t, for the thresholds of all granules, a number each.</summary>
    public static Tensor Encode(Tensor weight, Tensor thresholds, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (codes, _) = Codes(weight, thresholds, granularity);
        return codes.reshape(weight.shape).to(ScalarType.Int32).MoveToOuterDisposeScope();
    }

    /// <summary>ŵ of TTQ, for the threshold and the scales of both signs, scalars of the weight's type.</summary>
    public static Tensor Forward(Tensor weight, Tensor threshold, Tensor positive, Tensor negative)
    {
        using var scope = NewDisposeScope();
        var quantized = where(weight.gt(threshold), positive, where(weight.lt(threshold.neg()), negative.neg(), zeros_like(threshold)));
        return quantized.Add(threshold.sub(threshold)).MoveToOuterDisposeScope();
    }

    /// <summary>TTQ's gradients of the weight and of both scales.</summary>
    public static (Tensor Weight, Tensor Positive, Tensor Negative) Backward(
        Tensor gradient, Tensor weight, Tensor threshold, Tensor positive, Tensor negative)
    {
        using var scope = NewDisposeScope();
        var (isPositive, isNegative) = (weight.gt(threshold), weight.lt(threshold.neg()));
        var factor = where(isPositive, positive, where(isNegative, negative, ones_like(threshold)));
        return (
            gradient.mul(factor).MoveToOuterDisposeScope(),
            Sum(gradient, isPositive, positive).MoveToOuterDisposeScope(),
            Sum(gradient, isNegative, negative).neg().MoveToOuterDisposeScope());
    }

    private static Tensor Sum(Tensor gradient, Tensor condition, Tensor scale) =>
        gradient.MaskedFill(condition.logical_not(), 0).sum().reshape(scale.shape);

    private static (Tensor Codes, long[] Scales) Codes(Tensor weight, Tensor thresholds, Granularity granularity)
    {
        var (view, numbers) = Granules.Of(weight, granularity);
        var isBelow = view.abs().gt(thresholds.reshape(numbers)).logical_not();
        return (view.sign().MaskedFill(isBelow, 0), numbers);
    }
}
