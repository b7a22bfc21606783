using AdaQat.Probing;

namespace AdaQat.Steering;

/// <summary>
/// How much task loss a width's rounding costs, κ in L(n) ≈ L∞ + κ·4^−n: a bit less doubles the step, and with it the squared error is four
/// times as large.
/// </summary>
/// <remarks>
/// κ is the least-squares fit to the differences that were measured, d = L(n − 1) − L(n) ≈ κ·3·4^−n, where later ones count more. Measured at many bits,
/// a difference is nearly all noise; the fit gives it as little weight as it tells.
/// </remarks>
internal sealed class Sensitivity
{
    /// <summary>How much of its weight a difference keeps when the next one comes.</summary>
    private const double Memory = 0.95;

    /// <summary>The sums behind the fit.</summary>
    public SensitivitySnapshot Sums { get; private set; } = new(0, 0, 0, 0);

    private bool IsMeasured => Sums.Variance > 0;

    /// <summary>κ, of either sign as noise has it; only where something was measured.</summary>
    private double Fit => Sums.Covariance / Sums.Variance;

    /// <summary>Σ (d − κ·x)².</summary>
    private double Residual => Math.Max(0, Sums.Squares - (Sums.Covariance * Fit));

    /// <summary>The loss expected of a bit less than <paramref name="bits"/>, for κ = 1.</summary>
    public static double OfOneBit(int bits) => 3 * Math.Pow(4, -bits);

    /// <summary>The loss expected of <paramref name="bits"/>, for κ = 1.</summary>
    public static double Of(int bits) => Math.Pow(4, -bits);

    public void Observe(FiniteDifference difference)
    {
        var x = OfOneBit(Math.Max(difference.Bits, difference.Neighbour));
        var d = -difference.Value;
        Sums = new SensitivitySnapshot(
            (Memory * Sums.Covariance) + (d * x), (Memory * Sums.Variance) + (x * x), (Memory * Sums.Squares) + (d * d), (Memory * Sums.Count) + 1);
    }

    public void Restore(SensitivitySnapshot sums) => Sums = sums;

    /// <summary>
    /// κ for each, all above 0. A fit is drawn towards the common one as far as its own noise, seen in the residuals, outweighs how
    /// much widths truly differ (the random-effects estimate of DerSimonian and Laird, 1986). One not measured takes the common fit, and
    /// none falls below a tenth of it: a width that seems to feel no rounding, or to like it, would give up every bit.
    /// </summary>
    public static IReadOnlyList<double> Estimate(IReadOnlyList<Sensitivity> all)
    {
        var measured = all.Where(s => s.IsMeasured).ToList();
        var weight = measured.Sum(s => s.Sums.Variance);
        var common = weight > 0 ? measured.Sum(s => s.Sums.Covariance) / weight : 0;
        if (!(common > 0))
        {
            return all.Select(_ => 1.0).ToList();
        }

        var degrees = measured.Sum(s => s.Sums.Count) - measured.Count;
        var noise = degrees > 0 ? measured.Sum(s => s.Residual) / degrees : 0;
        var spread = measured.Sum(s => s.Sums.Variance * Math.Pow(s.Fit - common, 2)) - ((measured.Count - 1) * noise);
        var pairs = weight - (measured.Sum(s => s.Sums.Variance * s.Sums.Variance) / weight);
        var difference = pairs > 0 ? Math.Max(0, spread / pairs) : 0;
        return all.Select(s => Math.Max(0.1 * common, s.IsMeasured ? Drawn(s, common, noise, difference) : common)).ToList();
    }

    private static double Drawn(Sensitivity own, double common, double noise, double difference)
    {
        var uncertainty = noise / own.Sums.Variance;
        return difference + uncertainty > 0 ? common + ((own.Fit - common) * difference / (difference + uncertainty)) : common;
    }
}
