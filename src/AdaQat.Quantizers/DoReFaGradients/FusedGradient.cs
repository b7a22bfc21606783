using System.Numerics;
using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFaGradients;

/// <summary>
/// DoReFa's quantizer of gradients in two passes over memory, noise included: for dense float32 gradients on the CPU whose samples lie one
/// after the other. The formula: <see cref="GradientOperators"/>.
/// </summary>
internal static unsafe class FusedGradient
{
    /// <summary>Whether this path serves a call; the operators serve every other.</summary>
    public static bool Serves(Tensor gradient) =>
        gradient.dtype == ScalarType.Float32 && DenseMemory.Serves(gradient)
        && (gradient.dim() < 2 || gradient.shape[0] == 1 || gradient.stride(0) == gradient.numel() / gradient.shape[0]);

    /// <summary>f(g), laid out as the gradient is.</summary>
    /// <param name="gradient">g, with the batch as its first dimension; at least one element.</param>
    /// <param name="bits">k.</param>
    /// <param name="seed">The noise's; null for none.</param>
    public static Tensor Quantize(Tensor gradient, int bits, ulong? seed)
    {
        var (count, steps) = (gradient.numel(), (float)(Math.ScaleB(1, bits) - 1));
        var samples = gradient.dim() < 2 ? 1 : gradient.shape[0];
        var rows = new RowWalk(count / samples, samples);
        var result = empty_like(gradient);
        using var g = new DenseMemory<float>(gradient);
        using var target = new DenseMemory<float>(result);
        var (largest, _) = rows.Fold(count, (_, from, length) => (Largest(g.From(from), length), 0), Math.Max, Math.Max);
        Blocks.Run(count, (_, start, length) => rows.Run(start, length, (sample, from, part) =>
        {
            var step = new GradientOperator((float)largest[sample], steps, new NoiseOperator(seed ?? 0, from), seed is not null);
            VectorLoop.Run(ref step, g.From(from), g.From(from), target.From(from), part);
        }));
        return result;
    }

    private static double Largest(float* values, long count)
    {
        var step = default(LargestOperator<float>);
        VectorLoop.Run(ref step, values, values, null, count);
        return Enumerable.Range(0, Vector<float>.Count).Aggregate(0f, (largest, i) => Math.Max(largest, step.Largest[i]));
    }
}
