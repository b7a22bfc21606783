using AdaQat.Quantizers.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>DoReFa's formulas (arXiv 1606.06160), one tensor operator after the other: for every device, type and layout.</summary>
/// <remarks>
/// t = tanh(w) or w; m = max|t|; u = t/(2m) + 1/2; ŵ = c·(2·q_k(u) − 1), computed as (2c/s)·(q − s/2) with the code q = round(u·s). With
/// round's gradient taken as 1 and g = ∂L/∂ŵ, where mean|2u − 1| = mean|t|/m, so that <see cref="WeightScale.Preserve"/> takes
/// c = m·mean|w|/mean|t|, and c = m where t = w,
/// ∂L/∂t_i = (c/m)·(g_i − [|t_i| = m]·sign(t_i)·(Σ_j g_j·t_j)/(m·r)), where r elements share the maximum, as autograd shares it out.
/// A weight of zeros (m = 0) has no u: it gives zeros and passes the gradient on unchanged, so that it can leave zero.
/// </remarks>
internal static class DoReFaOperators
{
    /// <summary>ŵ, and the factor c/m that the backward pass needs (a scalar tensor; 1 for a weight of zeros).</summary>
    public static (Tensor Quantized, Tensor Slope) Forward(Tensor weight, int bits, DoReFaOptions options)
    {
        using var scope = NewDisposeScope();
        var unit = Unit(weight, options.Transform);
        var c = Scale(weight, unit, options);
        var quantized = Codes(unit, bits).Sub(Grid.Steps(bits) / 2).mul(GridScale(c, bits)).MaskedFill(unit.IsZero, 0);
        var slope = where(unit.IsZero, ones_like(c), c.div(unit.Divisor));
        return (quantized.MoveToOuterDisposeScope(), slope.MoveToOuterDisposeScope());
    }

    /// <summary>q, as whole numbers of the weight's type; the code whose value is +0 for a weight of zeros.</summary>
    public static Tensor Codes(Tensor weight, int bits, WeightTransform transform)
    {
        using var scope = NewDisposeScope();
        var unit = Unit(weight, transform);
        return Codes(unit, bits).MaskedFill(unit.IsZero, (Grid.Steps(bits) + 1) / 2).MoveToOuterDisposeScope();
    }

    /// <summary>2c/s, the grid's scale: 0 for a weight of zeros.</summary>
    public static Tensor GridScale(Tensor weight, int bits, DoReFaOptions options)
    {
        using var scope = NewDisposeScope();
        var unit = Unit(weight, options.Transform);
        return GridScale(Scale(weight, unit, options), bits).MaskedFill(unit.IsZero, 0).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂w.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, Tensor slope, WeightTransform transform)
    {
        using var scope = NewDisposeScope();
        var t = Transformed(weight, transform);
        var magnitude = t.abs();
        var m = magnitude.max();
        var isZero = m.Eq(0);
        var isLargest = magnitude.eq(m).logical_and(isZero.logical_not());
        var shared = where(isZero, ones_like(m), m.mul(isLargest.sum().to(t.dtype)));
        var throughMaximum = t.sign().mul(gradient.mul(t).sum().div(shared)).MaskedFill(isLargest.logical_not(), 0);
        var result = gradient.sub(throughMaximum).mul(slope);
        if (transform == WeightTransform.Tanh)
        {
            result = result.mul(t.Square().neg().Add(1));
        }

        return result.MoveToOuterDisposeScope();
    }

    private static Tensor Transformed(Tensor weight, WeightTransform transform) =>
        transform == WeightTransform.Tanh ? weight.tanh() : weight;

    private static (Tensor T, Tensor U, Tensor Divisor, Tensor IsZero) Unit(Tensor weight, WeightTransform transform)
    {
        var t = Transformed(weight, transform);
        var m = t.abs().max();
        var isZero = m.Eq(0);
        var divisor = where(isZero, ones_like(m), m);
        return (t, t.div(divisor.Mul(2)).Add(0.5), divisor, isZero);
    }

    private static Tensor Codes((Tensor T, Tensor U, Tensor Divisor, Tensor IsZero) unit, int bits) => unit.U.Mul(Grid.Steps(bits)).round();

    private static Tensor GridScale(Tensor c, int bits) => c.Mul(2).Div(Grid.Steps(bits));

    /// <summary>c.</summary>
    private static Tensor Scale(Tensor weight, (Tensor T, Tensor U, Tensor Divisor, Tensor IsZero) unit, DoReFaOptions options)
    {
        if (options.Scale == WeightScale.Unit)
        {
            return ones_like(unit.Divisor);
        }

        if (options.Transform == WeightTransform.Linear)
        {
            return unit.Divisor;
        }

        var mean = unit.T.abs().mean();
        return weight.abs().mean().div(where(unit.IsZero, ones_like(mean), mean)).mul(unit.Divisor);
    }
}
