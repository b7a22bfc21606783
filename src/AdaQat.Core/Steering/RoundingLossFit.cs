namespace AdaQat.Steering;

/// <summary>
/// How much task loss a width's rounding costs, κ in L(n) ≈ L∞ + κ·4^−n: a bit less doubles the step, and with it the squared error is four
/// times as large.
/// </summary>
/// <remarks>
/// κ is the least-squares fit to the differences of the width, d = L(n′) − L(n) ≈ κ·(4^−n′ − 4^−n) with n′ the next lower width, where
/// later ones count more. Taken at many bits, a difference is nearly all noise; the fit gives it as little weight as it tells.
/// </remarks>
internal static class RoundingLossFit
{
    /// <summary>Noise this small beside the differences is of their arithmetic: fits are exact then.</summary>
    private const double Arithmetic = 1e-20;

    /// <summary>The loss expected of <paramref name="bits"/>, for κ = 1.</summary>
    public static double LossOf(int bits) => Math.Pow(4, -bits);

    /// <summary>
    /// κ for each, all above 0: exp of the mean of ln κ, given the width's own fit with its noise, seen in the residuals, and given how
    /// ln κ is spread over all widths (<see cref="TrueSpread"/>). κ of one network lie orders of magnitude apart, and those that have
    /// stayed at many bits are the large ones: on a linear scale their fits, noisy beside a small κ though not beside their own, would be
    /// drawn to it. One without a difference takes the centre of the spread. Where no fit is above 0, all are 1.
    /// </summary>
    public static IReadOnlyList<double> Estimate(IReadOnlyList<RoundingLossSums> all)
    {
        var measured = all.Where(s => s.Variance > 0).ToList();
        var positive = measured.Where(s => s.Fit > 0).Select(s => s.Fit).ToList();
        if (positive.Count == 0)
        {
            return all.Select(_ => 1.0).ToList();
        }

        var degrees = measured.Sum(s => s.Count) - measured.Count;
        var noise = degrees > 0 ? measured.Sum(s => s.Residual) / degrees : 0;
        if (noise <= Arithmetic * measured.Sum(s => s.Squares) / measured.Sum(s => s.Count))
        {
            var centre = Math.Exp(positive.Average(Math.Log));
            return all.Select(s => s.Variance > 0 ? Math.Max(s.Fit, positive.Min()) : centre).ToList();
        }

        var spread = TrueSpread.Of([.. measured.Select(s => (s.Fit, Math.Sqrt(noise / s.Variance)))]);
        return all.Select(s => s.Variance > 0 ? spread.Given(s.Fit, Math.Sqrt(noise / s.Variance)) : spread.Centre).ToList();
    }
}
