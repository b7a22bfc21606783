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
    /// <summary>The loss expected of <paramref name="bits"/>, for κ = 1.</summary>
    public static double LossOf(int bits) => Math.Pow(4, -bits);

    /// <summary>
    /// κ for each, all above 0. A fit is drawn towards the common one as far as its own noise, seen in the residuals, outweighs how
    /// much widths truly differ (the random-effects estimate of DerSimonian and Laird, 1986). One without a difference takes the common
    /// fit, and none falls below a tenth of it: a width that seems to feel no rounding, or to like it, would give up every bit. Where
    /// nothing was learned, all are 1.
    /// </summary>
    public static IReadOnlyList<double> Estimate(IReadOnlyList<RoundingLossSums> all)
    {
        var measured = all.Where(s => s.Variance > 0).ToList();
        var weight = measured.Sum(s => s.Variance);
        var common = weight > 0 ? measured.Sum(s => s.Covariance) / weight : 0;
        if (!(common > 0))
        {
            return all.Select(_ => 1.0).ToList();
        }

        var degrees = measured.Sum(s => s.Count) - measured.Count;
        var noise = degrees > 0 ? measured.Sum(s => s.Residual) / degrees : 0;
        var spread = measured.Sum(s => s.Variance * Math.Pow(s.Fit - common, 2)) - ((measured.Count - 1) * noise);
        var pairs = weight - (measured.Sum(s => s.Variance * s.Variance) / weight);
        var difference = pairs > 0 ? Math.Max(0, spread / pairs) : 0;
        return all.Select(s => Math.Max(0.1 * common, s.Variance > 0 ? Drawn(s, common, noise, difference) : common)).ToList();
    }

    private static double Drawn(RoundingLossSums own, double common, double noise, double difference)
    {
        var uncertainty = noise / own.Variance;
        return difference + uncertainty > 0 ? common + ((own.Fit - common) * difference / (difference + uncertainty)) : common;
    }
}
