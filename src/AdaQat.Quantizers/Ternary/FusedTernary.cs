using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Ternary;

/// <summary>
/// Ternary weights in three passes over memory forward (two with learned scales) and one backward, for dense float32 and float64 weights on
/// the CPU. The formula: <see cref="TernaryOperators"/>.
/// </summary>
internal static class FusedTernary
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor weight, TernaryOptions options) =>
        options.Kernels == KernelChoice.Fused && ScaleLoop<float>.Serves(weight, options.Granularity);

    /// <summary>Δ and a of each granule, a row each.</summary>
    public static Tensor Numbers(Tensor weight, TernaryOptions options) =>
        weight.dtype == ScalarType.Float32 ? Numbers<float>(weight, options) : Numbers<double>(weight, options);

    /// <summary>Δ of the whole tensor, a scalar.</summary>
    public static Tensor Threshold(Tensor weight, TernaryOptions options) =>
        weight.dtype == ScalarType.Float32 ? Threshold<float>(weight, options) : Threshold<double>(weight, options);

    /// <summary>ŵ of TWN, laid out as the weight is.</summary>
    public static Tensor Forward(Tensor weight, Tensor numbers, Granularity granularity) => weight.dtype == ScalarType.Float32
        ? Forward<float, TernaryForwardOperator<float>>(weight, numbers, granularity)
        : Forward<double, TernaryForwardOperator<double>>(weight, numbers, granularity);

    /// <summary>ŵ of TTQ, laid out as the weight is.</summary>
    public static Tensor Forward(Tensor weight, Tensor threshold, Tensor positive, Tensor negative)
    {
        using var numbers = stack([threshold, positive, negative]);
        return weight.dtype == ScalarType.Float32
            ? Forward<float, LearnedTernaryForwardOperator<float>>(weight, numbers, Granularity.PerTensor)
            : Forward<double, LearnedTernaryForwardOperator<double>>(weight, numbers, Granularity.PerTensor);
    }

    /// <summary>TTQ's gradients of the weight, laid out as that is, and of both scales.</summary>
    public static (Tensor Weight, Tensor Positive, Tensor Negative) Backward(
        Tensor gradient, Tensor weight, Tensor threshold, Tensor positive, Tensor negative)
    {
        using var numbers = stack([threshold, positive, negative]);
        return weight.dtype == ScalarType.Float32
            ? Backward<float>(gradient, weight, numbers)
            : Backward<double>(gradient, weight, numbers);
    }

    private static Tensor Numbers<T>(Tensor weight, TernaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var thresholds = Thresholds<T>(weight, options, options.Granularity);
        using var loop = new ScaleLoop<T>(weight, options.Granularity, thresholds);
        using var w = new DenseMemory<T>(weight);
        var (sums, counts) = loop.Sum<NoForm, TernarySumOperator<T>>(default, w, w, null, static s => (s.Sum, s.Count));
        using var means = ScaleTable.Of(weight.dtype, [.. sums.Zip(counts, (sum, count) => sum / Math.Max(1, count))]);
        using var undefined = thresholds.sub(thresholds);
        using var scales = means.Add(undefined);
        return stack([thresholds, scales]);
    }

    private static Tensor Threshold<T>(Tensor weight, TernaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var threshold = Thresholds<T>(weight, options, Granularity.PerTensor);
        return threshold.reshape([]);
    }

    private static Tensor Thresholds<T>(Tensor weight, TernaryOptions options, Granularity granularity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var loop = new ScaleLoop<T>(weight, granularity, numbers: null);
        using var w = new DenseMemory<T>(weight);
        using var means = ScaleTable.Of(weight.dtype, loop.Magnitudes(w));
        return means.Mul(options.Threshold);
    }

    private static Tensor Forward<T, TStep>(Tensor weight, Tensor numbers, Granularity granularity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TStep : struct, IScaledOperator<T, NoForm, TStep>
    {
        var quantized = empty_like(weight);
        using var loop = new ScaleLoop<T>(weight, granularity, numbers);
        using var w = new DenseMemory<T>(weight);
        using var target = new DenseMemory<T>(quantized);
        loop.Run<NoForm, TStep>(default, w, w, target);
        return quantized;
    }

    private static (Tensor Weight, Tensor Positive, Tensor Negative) Backward<T>(Tensor gradient, Tensor weight, Tensor numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = empty_like(weight);
        using var loop = new ScaleLoop<T>(weight, Granularity.PerTensor, numbers);
        using var w = new DenseMemory<T>(weight);
        using var g = DenseMemory<T>.LaidOutAs(weight, gradient);
        using var target = new DenseMemory<T>(result);
        var (above, below) = loop.Sum<NoForm, LearnedTernaryBackwardOperator<T>>(
            default, w, g, target, static s => (s.Above, s.Below));
        return (result, Full([], above[0], dtype: weight.dtype), Full([], -below[0], dtype: weight.dtype));
    }
}
