using AdaQat.Probing;

namespace AdaQat.Steering;

/// <summary>
/// How much task loss a width's rounding costs, κ in L(n) ≈ L∞ + κ·4^−n: a bit less doubles the step, and with it the squared error is four
/// times as large.
/// </summary>
/// <remarks>
/// κ is the least-squares fit to the differences of the width, d = L(n − 1) − L(n) ≈ κ·3·4^−n, where later ones count more. Taken at many
/// bits, a difference is nearly all noise; the fit gives it as little weight as it tells.
/// </remarks>
internal static class RoundingLossFit
{
    /// <summary>How much of its weight a difference keeps when the next one comes.</summary>
    private const double Memory = 0.95;

    /// <summary>As many differences weigh as much as what all widths have in common.</summary>
    private const double Shrinkage = 10;

    /// <summary>The loss expected of <paramref name="bits"/>, for κ = 1.</summary>
    public static double LossOf(int bits) => Math.Pow(4, -bits);

    /// <summary>The sums behind a width's fit with one more difference in them.</summary>
    public static RegressionSums Observe(RegressionSums sums, FiniteDifference difference)
    {
        var bits = Math.Max(difference.Bits, difference.Neighbour);
        return sums.With(LossOf(bits - 1) - LossOf(bits), -difference.Value, Memory);
    }

    /// <summary>
    /// κ for each width, all above 0: its own fit, drawn towards the common one the more the fewer differences it has. None falls below a
    /// tenth of the common one: a width that seems to feel no rounding, or to like it, would give up every bit. Where nothing was learned,
    /// all are 1.
    /// </summary>
    public static IReadOnlyList<double> Estimate(IReadOnlyList<RegressionSums> all)
    {
        var common = all.Sum(s => s.Products) / all.Sum(s => s.Squares);
        return all.Select(s => !(common > 0) ? 1
            : !(s.Squares > 0) ? common
            : Math.Max(0.1 * common, ((s.Count * s.Products / s.Squares) + (Shrinkage * common)) / (s.Count + Shrinkage))).ToList();
    }
}
