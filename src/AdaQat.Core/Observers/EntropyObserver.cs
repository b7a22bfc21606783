namespace AdaQat.Observers;

/// <summary>See <see cref="EntropyObserverOptions"/>.</summary>
/// <param name="bits">The width of the codes.</param>
/// <param name="bins">Bins of the histogram.</param>
internal sealed class EntropyObserver(int bits, int bins) : Observer
{
    public const int MostBins = 8192;

    // Magnitudes of either sign share a bin, and take half of them.
    private readonly ValueHistogram _histogram = new(2 * bins, hasZero: true);

    public override void Observe(ReadOnlySpan<float> values) => _histogram.Add(values);

    public override ValueRange Range()
    {
        var whole = new ValueRange(_histogram.Minimum, _histogram.Maximum).WithZero();
        var levels = 1 << (whole is { Low: < 0, High: > 0 } ? bits - 1 : bits);
        var magnitudes = _histogram.Magnitudes();
        var joined = 1 + ((magnitudes.Length - 1) / bins);
        var end = Divergence.BestEnd(Joined(magnitudes, joined), levels) * joined * _histogram.Width;
        return new ValueRange(Math.Max(whole.Low, -end), Math.Min(whole.High, end));
    }

    /// <summary>Neighbouring bins put together, where there are more than were asked for.</summary>
    private static double[] Joined(long[] counts, int joined)
    {
        var result = new double[(counts.Length + joined - 1) / joined];
        for (var i = 0; i < counts.Length; i++)
        {
            result[i / joined] += counts[i];
        }

        return result;
    }
}
