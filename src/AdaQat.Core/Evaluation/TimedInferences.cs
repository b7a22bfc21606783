namespace AdaQat;

/// <summary>What a number of inferences took, one after the other.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Median">The middle one; of an even number the mean of the two in the middle.</param>
/// <param name="Percentile99">The shortest time that at least 99 of 100 did not exceed.</param>
/// <param name="Fastest">The shortest.</param>
/// <param name="Slowest">The longest.</param>
/// <param name="Late">How many took longer than the deadline; null without one.</param>
public sealed record TimedInferences(
    int Count, TimeSpan Median, TimeSpan Percentile99, TimeSpan Fastest, TimeSpan Slowest, int? Late)
{
    /// <summary>Whether at least 99 of 100 met the deadline; null without one.</summary>
    public bool? MeetsDeadline => Late is null ? null : Late * 100L <= Count;

    /// <param name="times">At least one; they are sorted in place.</param>
    /// <param name="deadline">Null for none.</param>
    internal static TimedInferences Of(List<TimeSpan> times, TimeSpan? deadline)
    {
        times.Sort();
        var (count, middle) = (times.Count, times.Count / 2);
        var median = count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;

        // The nearest rank, ⌈0.99 · count⌉, in whole numbers.
        var rank = (int)(((99L * count) + 99) / 100);
        return new TimedInferences(
            count, median, times[rank - 1], times[0], times[^1], deadline is { } limit ? times.Count(time => time > limit) : null);
    }
}
