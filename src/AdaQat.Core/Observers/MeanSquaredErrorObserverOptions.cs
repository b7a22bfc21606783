using AdaQat.Diagnostics;
using AdaQat.Observers;

namespace AdaQat;

/// <summary>The range at which quantizing loses least: the mean squared error, at the quantizer's own width and on its own grid.</summary>
/// <remarks>
/// <para>
/// E(l, h) = Σ n·(c − q(c))² over the centres c of a histogram's bins and their counts n, zeros as what they are; q rounds to the grid that
/// <see cref="Quantizer.GridsOver"/> says the range has. Where both ends make one grid, as on symmetric ones, one number is sought: by
/// eighths of an octave down to 1/256 of the largest magnitude, then twice by sixteen steps between the neighbours of the best. Else both
/// ends shrink together first, and then each alone by the same steps, twice.
/// </para>
/// <para>The range fits the width in force then: calibrate anew where it changes much.</para>
/// </remarks>
public sealed record MeanSquaredErrorObserverOptions : ObserverOptions
{
    /// <summary>Bins of the histogram, 64 to 65,536; 8 bytes each for every scale. Default 2048.</summary>
    public int Bins { get; init; } = 2048;

    /// <inheritdoc/>
    public override string Name => "mean squared error";

    /// <summary>Checks the number of bins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside what is allowed.</exception>
    public override void Validate() => Guard.InRange(Bins, HistogramLimits.FewestBins, HistogramLimits.MostBins, nameof(Bins));

    /// <inheritdoc/>
    protected internal override Observer Create(ObserverRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new MeanSquaredErrorObserver(request.Quantizer.GridsOver, Bins);
    }
}
