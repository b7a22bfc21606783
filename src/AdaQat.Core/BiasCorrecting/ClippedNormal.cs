using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.BiasCorrecting;

/// <summary>The mean of a normally distributed number that is clipped (arXiv 1906.04721, appendix C).</summary>
internal static class ClippedNormal
{
    /// <summary>E[min(max(x, low), high)] for x ~ N(mean, deviation²), element by element.</summary>
    /// <remarks>
    /// With a = (low − μ)/σ, b = (high − μ)/σ, φ the density and Φ the distribution: low·Φ(a) + high·(1 − Φ(b)) + μ·(Φ(b) − Φ(a)) +
    /// σ·(φ(a) − φ(b)).
    /// </remarks>
    /// <param name="mean">μ, float64.</param>
    /// <param name="deviation">σ, 0 and more.</param>
    /// <param name="low">The lower limit; −∞ for none.</param>
    /// <param name="high">The upper limit; ∞ for none.</param>
    public static Tensor Mean(Tensor mean, Tensor deviation, double low, double high)
    {
        using var scope = NewDisposeScope();
        var sigma = deviation.ClampMin(1e-30);
        var (below, densityBelow, ofLow) = At(mean, sigma, low);
        var (toHigh, densityAbove, _) = At(mean, sigma, high);
        var ofHigh = double.IsInfinity(high) ? zeros_like(mean) : toHigh.neg().Add(1).Mul(high);
        return ofLow.Add(ofHigh).Add(mean * (toHigh - below)).Add(sigma * (densityBelow - densityAbove)).MoveToOuterDisposeScope();
    }

    private static (Tensor Distribution, Tensor Density, Tensor Part) At(Tensor mean, Tensor sigma, double limit)
    {
        if (double.IsInfinity(limit))
        {
            return (limit > 0 ? ones_like(mean) : zeros_like(mean), zeros_like(mean), zeros_like(mean));
        }

        var place = mean.neg().Add(limit) / sigma;
        var distribution = place.Div(Math.Sqrt(2)).erf().Add(1).Div(2);
        return (distribution, place.Square().Div(-2).exp().Div(Math.Sqrt(2 * Math.PI)), distribution.Mul(limit));
    }
}
