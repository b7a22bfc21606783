namespace AdaQat.Observers;

/// <summary>How many bins the histogram of an observer may have.</summary>
internal static class HistogramLimits
{
    public const int FewestBins = 64;
    public const int MostBins = 65_536;
}
