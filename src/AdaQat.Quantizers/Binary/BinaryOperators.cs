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
    /// <summary>ŵ.</summary>
    public static Tensor Forward(Tensor weight, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, granularity);
        var scale = Granules.Mean(view.abs(), numbers);
        // Adding 0 takes a zero's sign away, which the code has none of.
        return where(view.ge(0), scale, scale.neg()).add(0).reshape(weight.shape).MoveToOuterDisposeScope();
    }

    /// <summary>0 for −α and 1 for α, and 1 where α is 0; and 2α of each granule.</summary>
    public static (Tensor Codes, Tensor Scales) Encode(Tensor weight, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var (view, numbers) = Granules.Of(weight, granularity);
        var scale = Granules.Mean(view.abs(), numbers);
        var codes = view.ge(0).logical_or(scale.eq(0)).reshape(weight.shape).to(ScalarType.Int32);
        return (codes.MoveToOuterDisposeScope(), scale.mul(2).MoveToOuterDisposeScope());
    }

    /// <summary>∂L/∂w.</summary>
    public static Tensor Backward(Tensor gradient, Tensor weight, Granularity granularity, BinaryGradient form)
    {
        using var scope = NewDisposeScope();
        var through = gradient.masked_fill(weight.abs().le(1).logical_not(), 0);
        if (form == BinaryGradient.StraightThrough)
        {
            return through.MoveToOuterDisposeScope();
        }

        var (view, numbers) = Granules.Of(weight, granularity);
        var scale = Granules.Mean(view.abs(), numbers);
        var g = gradient.reshape(view.shape);
        var ofScale = Granules.Sum(where(view.ge(0), g, g.neg()), numbers).div(Granules.Count(view, numbers));
        var result = through.reshape(view.shape).mul(scale).add(view.sign().mul(ofScale));
        return where(scale.eq(0), g, result).reshape(weight.shape).MoveToOuterDisposeScope();
    }
}
