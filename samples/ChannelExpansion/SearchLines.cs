using System.Globalization;
using AdaQat.Search;

namespace ChannelExpansion;

/// <summary>
/// A search as plain lines, for a pipe or a file: after every epoch a line of numbers, and a bar for each layer: preferred channels,
/// default, widest candidate.
/// </summary>
internal sealed class SearchLines(TextWriter output)
{
    private const int BarWidth = 40;

    public void Epoch(SearchEpoch epoch)
    {
        output.WriteLine($"search {epoch}");
        foreach (var group in epoch.Groups)
        {
            output.WriteLine(Line(group, epoch.Grown.Contains(group.Layer)));
        }
    }

    /// <summary>A bar: # up to the preferred channels, - up to the widest candidate, | at the default.</summary>
    public static string Line(GroupReading group, bool grows)
    {
        ArgumentNullException.ThrowIfNull(group);
        var scale = (double)BarWidth / (2 * group.Default);
        var bar = Enumerable.Range(0, BarWidth).Select(place => place == BarWidth / 2 ? '|'
            : place < group.Preferred * scale ? '#' : place < group.Candidates[^1] * scale ? '-' : ' ');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {group.Layer,-16} {string.Concat(bar)} {group.Preferred,4} of {group.Candidates[^1],4}, ")
            + string.Create(CultureInfo.InvariantCulture, $"widest {group.Preferences[^1]:0.000}{(grows ? ", grows" : "")}");
    }
}
