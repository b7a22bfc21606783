using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>
/// DoReFa in few passes over memory, for dense float32 and float64 weights on the CPU. The formula: <see cref="DoReFaOperators"/>.
/// </summary>
internal static unsafe class FusedDoReFa
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor weight, DoReFaOptions options) => options.Kernels == KernelChoice.Fused && DenseMemory.Serves(weight);

    /// <summary>ŵ, and what the backward pass needs besides the weight.</summary>
    public static (Tensor Quantized, DoReFaRange Range) Forward(Tensor weight, int bits, DoReFaOptions options) =>
        weight.dtype == ScalarType.Float32 ? Forward<float>(weight, bits, options) : Forward<double>(weight, bits, options);

    /// <summary>∂L/∂w.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, DoReFaRange range, WeightTransform transform) =>
        weight.dtype == ScalarType.Float32
            ? Backward<float>(gradient, weight, range, transform)
            : Backward<double>(gradient, weight, range, transform);

    private static (Tensor Quantized, DoReFaRange Range) Forward<T>(Tensor weight, int bits, DoReFaOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = weight.numel();
        using var transformed = Transformed(weight, options.Transform);
        using var w = new DenseMemory<T>(weight);
        using var t = new DenseMemory<T>(transformed);
        var sums = new double[Blocks.Count(count)];
        var counts = new double[sums.Length];
        var maxima = new T[sums.Length];
        Blocks.Run(count, (block, start, length) =>
        {
            var step = default(LargestOperator<T>);
            VectorLoop.Run(ref step, t.From(start), t.From(start), null, length);
            maxima[block] = Largest(step.Largest);
        });
        var largest = maxima.Aggregate(T.Max);
        if (largest == T.Zero)
        {
            return (zeros_like(weight), DoReFaRange.Zero);
        }

        var quantized = empty_like(weight);
        using var target = new DenseMemory<T>(quantized);
        Blocks.Run(count, (block, start, length) => (sums[block], counts[block]) = BlockSums.Run(
            new DoReFaForwardOperator<T>(largest, bits), t.From(start), t.From(start), target.From(start), length, static s =>
                (s.Sum, s.LargestCount)));
        var scale = T.One;
        if (options.Scale == WeightScale.Preserve)
        {
            var magnitudes = new double[sums.Length];
            Blocks.Run(count, (block, start, length) => magnitudes[block] = BlockSums.Run(
                default(MagnitudeOperator<T>), w.From(start), w.From(start), null, length, static s => (s.Sum, Vector<T>.Zero)).First);
            scale = T.CreateChecked(magnitudes.Sum() / count) / T.CreateChecked(sums.Sum() / count);
            Blocks.Run(count, (_, start, length) =>
            {
                var step = new ScaleOperator<T>(scale);
                VectorLoop.Run(ref step, target.From(start), target.From(start), target.From(start), length);
            });
        }

        return (quantized, new DoReFaRange(double.CreateChecked(largest), counts.Sum(), double.CreateChecked(scale / largest)));
    }

    private static Tensor Backward<T>(Tensor gradient, Tensor weight, DoReFaRange range, WeightTransform transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (range == DoReFaRange.Zero)
        {
            return gradient.clone();
        }

        var count = weight.numel();
        using var transformed = Transformed(weight, transform);
        using var t = new DenseMemory<T>(transformed);
        using var g = DenseMemory<T>.LaidOutAs(weight, gradient);
        var result = empty_like(weight);
        using var target = new DenseMemory<T>(result);
        var products = new double[Blocks.Count(count)];
        Blocks.Run(count, (block, start, length) => products[block] = BlockSums.Run(
            default(DoReFaProductOperator<T>), g.From(start), t.From(start), null, length, static s => (s.Sum, Vector<T>.Zero)).First);
        var throughLargest = products.Sum() / (range.Largest * range.Count);
        Blocks.Run(count, (_, start, length) =>
        {
            var step = new DoReFaBackwardOperator<T>(
                T.CreateChecked(range.Largest), T.CreateChecked(throughLargest), T.CreateChecked(range.Slope),
                    transform == WeightTransform.Tanh);
            VectorLoop.Run(ref step, g.From(start), t.From(start), target.From(start), length);
        });
        return result;
    }

    private static Tensor Transformed(Tensor weight, WeightTransform transform) =>
        transform == WeightTransform.Tanh ? weight.tanh() : weight.alias();

    private static T Largest<T>(Vector<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = values[0];
        for (var i = 1; i < Vector<T>.Count; i++)
        {
            largest = T.Max(largest, values[i]);
        }

        return largest;
    }
}
