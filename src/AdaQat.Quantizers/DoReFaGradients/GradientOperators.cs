using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFaGradients;

/// <summary>DoReFa's quantizer of gradients (arXiv 1606.06160, eq. 12), one tensor operator after the other.</summary>
internal static class GradientOperators
{
    /// <summary>f(g): of the gradient's shape and type; half precision is computed in single.</summary>
    /// <param name="gradient">g, with the batch as its first dimension.</param>
    /// <param name="bits">k.</param>
    /// <param name="noise">σ, one for each element; null for none.</param>
    public static Tensor Quantize(Tensor gradient, int bits, Tensor? noise)
    {
        using var scope = NewDisposeScope();
        var g = gradient.to(TypeFor(gradient));
        var steps = Math.ScaleB(1, bits) - 1;
        var twice = Largest(g).Mul(2);
        var isZero = twice.Eq(0);
        var codes = g.div(where(isZero, ones_like(twice), twice)).Add(0.5).Mul(steps);
        var rounded = (noise is null ? codes : codes.Add(noise)).round().Clamp(0, steps);
        var values = rounded.Div(steps).Sub(0.5).mul(twice).MaskedFill(isZero, 0);
        return values.to(gradient.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The type it is computed in.</summary>
    public static ScalarType TypeFor(Tensor gradient) =>
        gradient.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The largest magnitude of each sample.</summary>
    private static Tensor Largest(Tensor g) =>
        g.dim() < 2 ? g.abs().max() : g.abs().amax([.. Enumerable.Range(1, (int)g.dim() - 1).Select(d => (long)d)], keepdim: true);
}
