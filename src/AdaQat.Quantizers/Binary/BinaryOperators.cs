using AdaQat.Quantizers.Levels;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Binary;

/// <summary>Binary weights (BWN and XNOR-Net, arXiv 1603.05279), one tensor operator after the other.</summary>
/// <remarks>
/// ŵ = α·s with s = 1 where w ≥ 0, else −1, and α = mean|w| of the granule. With g = ∂L/∂ŵ and sign(0) = 0 in the derivative of |w|, the
/// product rule's gradient is α·g_i·[|w_i| ≤ 1] + sign(w_i)/n · Σ_j g_j·s_j over the granule's n weights. A granule of zeros has α = 0: it
/// gives zeros and passes the gradient on unchanged, so that it can leave zero. One that holds NaN becomes NaN.
/// </remarks>
internal static class BinaryOperators
{
    /// <summary>α: one for each granule, in one dimension.</summary>
    public static Tensor Scale(Tensor weight, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, granularity);
        return Granules.Mean(view.abs(), numbers).reshape(-1).MoveToOuterDisposeScope();
    }

    /// <summary>ŵ.</summary>
    public static Tensor Forward(Tensor weight, Tensor scale, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, granularity);
        var alpha = scale.reshape(numbers);
        // Adding 0 takes a zero's sign away, which the code has none of.
        return where(view.Ge(0), alpha, alpha.neg()).Add(0).reshape(weight.shape).MoveToOuterDisposeScope();
    }

    /// <summary>0 for −α and 1 for α, and 1 where α is 0.</summary>
    public static Tensor Codes(Tensor weight, Tensor scale, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, granularity);
        var codes = view.Ge(0).logical_or(scale.reshape(numbers).Eq(0));
        return codes.reshape(weight.shape).to(ScalarType.Int32).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂w.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, Tensor scale, BinaryOptions options)
    {
        using var scope = NewDisposeScope();
        var through = gradient.MaskedFill(weight.abs().Le(1).logical_not(), 0);
        if (options.Gradient == BinaryGradient.StraightThrough)
        {
            return through.MoveToOuterDisposeScope();
        }

        var (view, numbers) = Granules.Of(weight, options.Granularity);
        var alpha = scale.reshape(numbers);
        var g = gradient.reshape(view.shape);
        var ofScale = Granules.Sum(where(view.Ge(0), g, g.neg()), numbers).Div(Granules.Count(view, numbers));
        var result = through.reshape(view.shape).mul(alpha).Add(view.sign().mul(ofScale));
        return where(alpha.Eq(0), g, result).reshape(weight.shape).MoveToOuterDisposeScope();
    }
}
