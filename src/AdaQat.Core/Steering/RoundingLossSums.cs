using System.Text.Json.Serialization;
using AdaQat.Probing;

namespace AdaQat.Steering;

/// <summary>The sums of the least-squares fit of κ in L(n′) − L(n) ≈ κ·x to a width's differences, the older the less.</summary>
/// <param name="Covariance">Σ difference·x.</param>
/// <param name="Variance">Σ x².</param>
/// <param name="Squares">Σ difference².</param>
/// <param name="Count">How many differences they are.</param>
internal sealed record RoundingLossSums(double Covariance, double Variance, double Squares, double Count)
{
    /// <summary>How much of its weight a difference keeps when the next one comes.</summary>
    private const double Memory = 0.95;

    /// <summary>No difference yet.</summary>
    public static RoundingLossSums Empty { get; } = new(0, 0, 0, 0);

    /// <summary>κ, of either sign as noise has it; only where there was a difference.</summary>
    [JsonIgnore]
    public double Fit => Covariance / Variance;

    /// <summary>Σ (d − κ·x)².</summary>
    [JsonIgnore]
    public double Residual => Math.Max(0, Squares - (Covariance * Fit));

    /// <summary>
    /// With one more difference downwards. One upwards, at the minimum, is left out: weights trained on a grid lose on any other, so that
    /// at first more bits often seem to cost something.
    /// </summary>
    public RoundingLossSums With(FiniteDifference difference)
    {
        if (difference.Neighbour > difference.Bits)
        {
            return this;
        }

        var (lower, upper) = (difference.Neighbour, difference.Bits);
        var (x, d) = (RoundingLossFit.LossOf(lower) - RoundingLossFit.LossOf(upper), -difference.Value * (upper - lower));
        return new RoundingLossSums(
            (Memory * Covariance) + (d * x), (Memory * Variance) + (x * x), (Memory * Squares) + (d * d), (Memory * Count) + 1);
    }
}
