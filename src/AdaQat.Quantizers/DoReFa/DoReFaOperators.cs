using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>DoReFa's formulas (arXiv 1606.06160), one tensor operator after the other: for every device, type and layout.</summary>
/// <remarks>
/// t = tanh(w) or w; m = max|t|; u = t/(2m) + 1/2; ŵ = c·(2·q_k(u) − 1). With round's gradient taken as 1 and g = ∂L/∂ŵ,
/// ∂L/∂t_i = (c/m)·(g_i − [|t_i| = m]·sign(t_i)·(Σ_j g_j·t_j)/(m·r)), where r elements share the maximum, as autograd shares it out.
/// A weight of zeros (m = 0) has no u: it gives zeros and passes the gradient on unchanged, so that it can leave zero.
/// </remarks>
internal static class DoReFaOperators
{
    /// <summary>ŵ, and the factor c/m that the backward pass needs (a scalar tensor; 1 for a weight of zeros).</summary>
    public static (Tensor Quantized, Tensor Slope) Forward(Tensor weight, int bits, WeightTransform transform, WeightScale scale)
    {
        using var scope = NewDisposeScope();
        var s = Grid.Steps(bits);
        var t = Transformed(weight, transform);
        var m = t.abs().max();
        var isZero = m.eq(0);
        var divisor = where(isZero, ones_like(m), m);
        var u = t.div(divisor.mul(2)).add(0.5);
        var unit = u.mul(s).round().div(s).mul(2).sub(1);
        var c = Scale(weight, u, scale, isZero);
        var quantized = unit.mul(c).masked_fill(isZero, 0);
        var slope = where(isZero, ones_like(m), c.div(divisor));
        return (quantized.MoveToOuterDisposeScope(), slope.MoveToOuterDisposeScope());
    }

    /// <summary>∂L/∂w.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, Tensor slope, WeightTransform transform)
    {
        using var scope = NewDisposeScope();
        var t = Transformed(weight, transform);
        var magnitude = t.abs();
        var m = magnitude.max();
        var isZero = m.eq(0);
        var isLargest = magnitude.eq(m).logical_and(isZero.logical_not());
        var shared = where(isZero, ones_like(m), m.mul(isLargest.sum().to(t.dtype)));
        var throughMaximum = t.sign().mul(gradient.mul(t).sum().div(shared)).masked_fill(isLargest.logical_not(), 0);
        var result = gradient.sub(throughMaximum).mul(slope);
        if (transform == WeightTransform.Tanh)
        {
            result = result.mul(t.square().neg().add(1));
        }

        return result.MoveToOuterDisposeScope();
    }

    private static Tensor Transformed(Tensor weight, WeightTransform transform) =>
        transform == WeightTransform.Tanh ? weight.tanh() : weight;

    private static Tensor Scale(Tensor weight, Tensor u, WeightScale scale, Tensor isZero)
    {
        if (scale == WeightScale.Unit)
        {
            return ones_like(isZero, dtype: weight.dtype);
        }

        var mean = u.mul(2).sub(1).abs().mean();
        return weight.abs().mean().div(where(isZero, ones_like(mean), mean));
    }
}
