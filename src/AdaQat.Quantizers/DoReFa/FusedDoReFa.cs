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

    /// <summary>ŵ, and what the backward pass needs: t, a tensor of its own, and the range.</summary>
    public static (Tensor Quantized, Tensor Transformed, DoReFaRange Range) Forward(Tensor weight, int bits, DoReFaOptions options) =>
        weight.dtype == ScalarType.Float32 ? Forward<float>(weight, bits, options) : Forward<double>(weight, bits, options);

    /// <summary>∂L/∂w, from t.</summary>
    public static Tensor Backward(Tensor gradient, Tensor transformed, DoReFaRange range, WeightTransform transform) =>
        transformed.dtype == ScalarType.Float32
            ? Backward<float>(gradient, transformed, range, transform)
            : Backward<double>(gradient, transformed, range, transform);

    private static (Tensor Quantized, Tensor Transformed, DoReFaRange Range) Forward<T>(Tensor weight, int bits, DoReFaOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = weight.numel();
        var transformed = Transformed(weight, options.Transform);
        using var w = new DenseMemory<T>(weight);
        using var t = new DenseMemory<T>(transformed);
        var (largest, ratio) = options is { Transform: WeightTransform.Tanh, Scale: WeightScale.Preserve }
            ? LargestAndRatio(w, t, count) : (Largest(t, count), T.One);
        if (largest == T.Zero)
        {
            return (zeros_like(weight), transformed, DoReFaRange.Zero);
        }

        var quantized = empty_like(weight);
        using var target = new DenseMemory<T>(quantized);
        var c = options.Scale == WeightScale.Unit ? T.One : ratio * largest;
        var scale = c * T.CreateChecked(2) / T.CreateChecked(Grid.Steps(bits));
        var counts = new double[Blocks.Count(count)];
        Blocks.Run(count, (block, start, length) =>
        {
            var step = new DoReFaForwardOperator<T>(largest, bits, scale);
            VectorLoop.Run(ref step, t.From(start), t.From(start), target.From(start), length);
            counts[block] = double.CreateChecked(Vector.Sum(step.LargestCount));
        });
        int[] blocks = [.. Enumerable.Range(0, counts.Length).Where(block => counts[block] > 0)];
        var slope = double.CreateChecked(c / largest);
        return (
            quantized, transformed,
            new DoReFaRange(double.CreateChecked(largest), counts.Sum(), blocks, slope, double.CreateChecked(scale)));
    }

    /// <summary>One pass; what the sum adds to the gradient at the largest elements is put right afterwards, where they are.</summary>
    private static Tensor Backward<T>(Tensor gradient, Tensor transformed, DoReFaRange range, WeightTransform transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (range == DoReFaRange.Zero)
        {
            return gradient.clone();
        }

        var count = transformed.numel();
        using var t = new DenseMemory<T>(transformed);
        using var g = DenseMemory<T>.LaidOutAs(transformed, gradient);
        var result = empty_like(transformed);
        using var target = new DenseMemory<T>(result);
        var isTanh = transform == WeightTransform.Tanh;
        var (largest, slope) = (T.CreateChecked(range.Largest), T.CreateChecked(range.Slope));
        var products = new double[Blocks.Count(count)];
        Blocks.Run(count, (block, start, length) => products[block] = BlockSums.Run(
            new DoReFaBackwardOperator<T>(slope, isTanh), g.From(start), t.From(start), target.From(start), length,
            static s => (s.Sum, Vector<T>.Zero)).First);
        var throughLargest = T.CreateChecked(products.Sum() / (range.Largest * range.Count));
        foreach (var block in range.LargestBlocks)
        {
            var (start, end) = ((long)block * Blocks.Size, Math.Min(count, (block + 1L) * Blocks.Size));
            for (var i = start; i < end; i++)
            {
                var value = *t.From(i);
                if (T.Abs(value) == largest)
                {
                    var corrected = (*g.From(i) - (value < T.Zero ? -throughLargest : throughLargest)) * slope;
                    *target.From(i) = isTanh ? corrected * (T.One - (value * value)) : corrected;
                }
            }
        }

        return result;
    }

    /// <summary>max|t|, and mean|w| / mean|t|.</summary>
    private static (T Largest, T Ratio) LargestAndRatio<T>(DenseMemory<T> w, DenseMemory<T> t, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = new (double Weight, double Transformed)[Blocks.Count(count)];
        var maxima = new T[sums.Length];
        Blocks.Run(count, (block, start, length) =>
        {
            var largest = Vector<T>.Zero;
            sums[block] = BlockSums.Run(default(DoReFaRangeOperator<T>), w.From(start), t.From(start), null, length, step =>
            {
                largest = Vector.Max(largest, step.Largest);
                return (step.WeightSum, step.TransformedSum);
            });
            maxima[block] = Largest(largest);
        });
        var mean = T.CreateChecked(sums.Sum(s => s.Weight) / count);
        return (maxima.Aggregate(T.Max), mean / T.CreateChecked(sums.Sum(s => s.Transformed) / count));
    }

    private static T Largest<T>(DenseMemory<T> t, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var maxima = new T[Blocks.Count(count)];
        Blocks.Run(count, (block, start, length) =>
        {
            var step = default(LargestOperator<T>);
            VectorLoop.Run(ref step, t.From(start), t.From(start), null, length);
            maxima[block] = Largest(step.Largest);
        });
        return maxima.Aggregate(T.Max);
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
