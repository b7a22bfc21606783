using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Binary;

/// <summary>
/// Binary weights in two passes over memory forward and one backward (the product rule's: two), for dense float32 and float64 weights on
/// the CPU. The formula: <see cref="BinaryOperators"/>.
/// </summary>
internal static class FusedBinary
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor weight, BinaryOptions options) =>
        options.Kernels == KernelChoice.Fused && ScaleLoop<float>.Serves(weight, options.Granularity);

    /// <summary>α: one for each granule.</summary>
    public static Tensor Scale(Tensor weight, Granularity granularity) =>
        weight.dtype == ScalarType.Float32 ? Scale<float>(weight, granularity) : Scale<double>(weight, granularity);

    /// <summary>ŵ, laid out as the weight is.</summary>
    public static Tensor Forward(Tensor weight, Tensor scale, Granularity granularity) => weight.dtype == ScalarType.Float32
        ? Forward<float>(weight, scale, granularity)
        : Forward<double>(weight, scale, granularity);

    /// <summary>∂L/∂w, laid out as the weight is.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, Tensor scale, BinaryOptions options) =>
        weight.dtype == ScalarType.Float32
            ? Backward<float>(gradient, weight, scale, options)
            : Backward<double>(gradient, weight, scale, options);

    private static Tensor Scale<T>(Tensor weight, Granularity granularity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var loop = new ScaleLoop<T>(weight, granularity, numbers: null);
        using var w = new DenseMemory<T>(weight);
        return ScaleTable.Of(weight.dtype, loop.Magnitudes(w));
    }

    private static Tensor Forward<T>(Tensor weight, Tensor scale, Granularity granularity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var quantized = empty_like(weight);
        using var loop = new ScaleLoop<T>(weight, granularity, scale);
        using var w = new DenseMemory<T>(weight);
        using var target = new DenseMemory<T>(quantized);
        loop.Run<NoForm, BinaryForwardOperator<T>>(default, w, w, target);
        return quantized;
    }

    private static Tensor Backward<T>(Tensor gradient, Tensor weight, Tensor scale, BinaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = empty_like(weight);
        using var w = new DenseMemory<T>(weight);
        using var g = DenseMemory<T>.LaidOutAs(weight, gradient);
        using var target = new DenseMemory<T>(result);
        if (options.Gradient == BinaryGradient.StraightThrough)
        {
            using var whole = new ScaleLoop<T>(weight, Granularity.PerTensor, numbers: null);
            whole.Run<NoForm, BinaryThroughOperator<T>>(default, w, g, target);
            return result;
        }

        using var unscaled = new ScaleLoop<T>(weight, options.Granularity, numbers: null);
        var (sums, _) = unscaled.Sum<NoForm, BinarySumOperator<T>>(
            default, w, g, null, static s => (s.Sum, Vector<T>.Zero));
        var count = weight.numel() / (double)sums.Length;
        using var ofScale = ScaleTable.Of(weight.dtype, Array.ConvertAll(sums, sum => sum / count));
        using var numbers = stack([scale, ofScale]);
        using var loop = new ScaleLoop<T>(weight, options.Granularity, numbers);
        loop.Run<NoForm, BinaryProductOperator<T>>(default, w, g, target);
        return result;
    }
}
