using AdaQat.Search.Spaces;

namespace AdaQat.Search.Searching;

/// <summary>When layers grow, which, and by how much.</summary>
internal static class GrowthRule
{
    /// <summary>Whether layers may grow after so many steps: where another interval has passed, and steps are still to come.</summary>
    /// <param name="steps">Steps done, from 1.</param>
    /// <param name="batches">Steps of an epoch.</param>
    /// <param name="options">The search's choices.</param>
    public static bool IsDue(int steps, int batches, ChannelSearchOptions options)
    {
        var interval = options.GrowthInterval * batches;
        return options.Grows && steps < (long)batches * options.Epochs
            && Math.Floor(steps / interval) > Math.Floor((steps - 1) / interval);
    }

    /// <summary>
    /// The groups whose widest candidate is above T, with the channels that they grow to; one that its bound holds back is warned of.
    /// </summary>
    public static Dictionary<string, int> Growing(
        IReadOnlyList<ChannelGroup> groups, IReadOnlyList<GroupReading> readings, ChannelSearchOptions options, SearchWarnings warnings)
    {
        var growing = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (group, reading) in groups.Zip(readings))
        {
            var candidates = reading.Candidates;
            if (candidates.Count < 2 || reading.OfWidest(options.ExpansionMeasure) <= options.ExpansionThreshold)
            {
                continue;
            }

            var next = Next(group, candidates[^1], options);
            if (next > candidates[^1])
            {
                growing[group.Name] = next;
            }
            else
            {
                warnings.OfBound(group.Name, candidates[^1]);
            }
        }

        return growing;
    }

    /// <summary>To how many channels a group grows; no more than its widest where its bound is reached.</summary>
    public static int Next(ChannelGroup group, int widest, ChannelSearchOptions options)
    {
        var more = widest + Math.Max(1, (int)Math.Round(group.Default * options.Growth));
        return Math.Max(widest, group.Nearest(Math.Min(more, Most(group, options))));
    }

    /// <summary>All widths at which the networks of a search may be built: each candidate, then each that groups may grow to.</summary>
    public static IEnumerable<IReadOnlyList<int>> Widths(
        IReadOnlyList<ChannelGroup> groups, IReadOnlyList<IReadOnlyList<int>> candidates, ChannelSearchOptions options)
    {
        for (var place = 0; place < candidates.Max(numbers => numbers.Count); place++)
        {
            yield return [.. candidates.Select(numbers => numbers[Math.Min(place, numbers.Count - 1)])];
        }

        int[] widest = [.. candidates.Select(numbers => numbers[^1])];
        for (var growths = 1; growths < options.Epochs / options.GrowthInterval && options.Grows; growths++)
        {
            int[] wider = [.. groups.Index().Select(g =>
                candidates[g.Index].Count < 2 ? widest[g.Index] : Next(g.Item, widest[g.Index], options))];
            if (wider.AsSpan().SequenceEqual(widest))
            {
                yield break;
            }

            yield return widest = wider;
        }
    }

    /// <summary>The most channels that a group grows to.</summary>
    public static int Most(ChannelGroup group, ChannelSearchOptions options) =>
        group.Nearest((int)((group.Default * options.MaximumGrowth) + 1e-9));
}
