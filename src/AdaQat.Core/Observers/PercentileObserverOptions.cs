using AdaQat.Diagnostics;
using AdaQat.Observers;

namespace AdaQat;

/// <summary>The range whose either end a share of the values does not go beyond; the rest is clipped.</summary>
/// <remarks>
/// Read off a histogram that widens: an end is exact to a bin, which is at most 2/<see cref="Bins"/> of all that was seen, from the
/// smallest to the largest.
/// </remarks>
public sealed record PercentileObserverOptions : ObserverOptions
{
    /// <summary>
    /// The share that is not above the upper end, and that is not below the lower one; above 0.5, up to 1. Default 0.9999 (arXiv 2004.09602
    /// compares 0.999 to 0.999999).
    /// </summary>
    public double Percentile { get; init; } = 0.9999;

    /// <summary>Bins of the histogram, 64 to 65,536; 8 bytes each for every scale. Default 8192.</summary>
    public int Bins { get; init; } = 8192;

    /// <inheritdoc/>
    public override string Name => "percentile";

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        if (!(Percentile > 0.5 && Percentile <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Percentile), Percentile,
                FormattableString.Invariant($"{nameof(Percentile)} is {Percentile}; allowed are numbers above 0.5, up to 1."));
        }

        Guard.InRange(Bins, HistogramLimits.FewestBins, HistogramLimits.MostBins, nameof(Bins));
    }

    /// <inheritdoc/>
    protected internal override Observer Create(ObserverRequest request) => new PercentileObserver(Percentile, Bins);
}
