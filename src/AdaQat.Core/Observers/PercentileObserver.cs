namespace AdaQat.Observers;

/// <summary>See <see cref="PercentileObserverOptions"/>.</summary>
internal sealed class PercentileObserver(double percentile, int bins) : Observer
{
    private readonly ValueHistogram _histogram = new(bins);

    public override void Observe(ReadOnlySpan<float> values) => _histogram.Add(values);

    /// <summary>All of the range where so few values are not 0 that either end would be there.</summary>
    public override ValueRange Range()
    {
        var range = new ValueRange(_histogram.Quantile(1 - percentile), _histogram.Quantile(percentile)).WithZero();
        return range.IsNothing ? new ValueRange(_histogram.Minimum, _histogram.Maximum) : range;
    }
}
