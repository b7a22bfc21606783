using AdaQat.Search.Spaces;

namespace AdaQat.Search.Searching;

/// <summary>Which layers grow after an epoch, and by how much.</summary>
internal static class GrowthRule
{
    /// <summary>
    /// The groups whose widest candidate is preferred by more than T, with the channels that they grow to; one that its bound holds back is
    /// warned of.
    /// </summary>
    public static Dictionary<string, int> Growing(
        IReadOnlyList<ChannelGroup> groups, IReadOnlyList<GroupReading> readings, ChannelSearchOptions options, SearchWarnings warnings)
    {
        var growing = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (group, reading) in groups.Zip(readings))
        {
            if (reading.Candidates.Count < 2 || reading.Preferences[^1] <= options.ExpansionThreshold)
            {
                continue;
            }

            var more = reading.Candidates[^1] + Math.Max(1, (int)Math.Round(group.Default * options.Growth));
            var next = group.Nearest(Math.Min(more, Most(group, options)));
            if (next > reading.Candidates[^1])
            {
                growing[group.Name] = next;
            }
            else
            {
                warnings.OfBound(group.Name, reading.Candidates[^1]);
            }
        }

        return growing;
    }

    /// <summary>The most channels that a group grows to.</summary>
    public static int Most(ChannelGroup group, ChannelSearchOptions options) =>
        group.Nearest((int)((group.Default * options.MaximumGrowth) + 1e-9));
}
