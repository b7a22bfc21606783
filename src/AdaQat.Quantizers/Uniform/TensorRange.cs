using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Uniform;

/// <summary>The range of a tensor's finite elements, scale by scale. It has 0 in it, so that a grid over it has a code for 0.</summary>
internal static class TensorRange
{
    /// <summary>The smallest and the largest element: two tensors of the input's type, with as many numbers as there are scales.</summary>
    public static (Tensor Low, Tensor High) Whole(Tensor input, Granularity granularity, KernelChoice kernels)
    {
        using var scope = NewDisposeScope();
        if (FusedUniform.ServesRange(input, granularity, kernels))
        {
            var (low, high) = FusedUniform.Range(input, granularity);
            return (Of(low, input.dtype).MoveToOuterDisposeScope(), Of(high, input.dtype).MoveToOuterDisposeScope());
        }

        var rows = granularity.Rows(input.MaskedFill(input.isfinite().logical_not(), 0));
        return (rows.amin([1]).ClampMax(0).MoveToOuterDisposeScope(), rows.amax([1]).ClampMin(0).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The range whose lower end a share of the elements is not below, and whose upper end that share is not above. Where that would be
    /// nothing but 0, all of the range.
    /// </summary>
    public static (Tensor Low, Tensor High) Covering(Tensor input, Granularity granularity, double share, KernelChoice kernels)
    {
        using var scope = NewDisposeScope();
        var (low, high) = Whole(input, granularity, kernels);
        if (share < 1)
        {
            var rows = granularity.Rows(input);
            var isFinite = rows.isfinite();
            var count = isFinite.sum(1, keepdim: true).to(ScalarType.Float64);
            var sorted = rows.MaskedFill(isFinite.logical_not(), double.PositiveInfinity).sort(1).Values;
            var rank = count.Mul(share).ceil();
            var lower = sorted.gather(1, count.sub(rank).minimum(count.Sub(1)).ClampMin(0).to(ScalarType.Int64)).squeeze(1).ClampMax(0);
            var upper = sorted.gather(1, rank.Sub(1).ClampMin(0).to(ScalarType.Int64)).squeeze(1).ClampMin(0);
            var isNothing = count.squeeze(1).Eq(0).logical_or(lower.Eq(0).logical_and(upper.Eq(0)));
            (low, high) = (where(isNothing, low, lower), where(isNothing, high, upper));
        }

        return (low.MoveToOuterDisposeScope(), high.MoveToOuterDisposeScope());
    }

    private static Tensor Of(double[] numbers, ScalarType type) => tensor(numbers, dtype: ScalarType.Float64).to(type);
}
