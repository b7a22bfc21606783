using System.Globalization;
using AdaQat.Search;

namespace ChannelExpansion;

/// <summary>
/// Shows a search: after every epoch a line of numbers, and a bar for each layer: preferred channels, default, widest candidate. On a
/// terminal the step under way is a line that renews itself, too.
/// </summary>
internal sealed class SearchDisplay(TextWriter output, bool isTerminal)
{
    private const int BarWidth = 40;

    public void Step(SearchStep step)
    {
        if (isTerminal)
        {
            output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"\r\u001b[Kepoch {step.Epoch}, step {step.Step:N0} of {step.Steps:N0}, ")
                + string.Create(CultureInfo.InvariantCulture, $"loss {step.Loss:0.000}, τ {step.Temperature:0.00}"));
        }
    }

    public void Epoch(SearchEpoch epoch)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(isTerminal ? "\r\u001b[K" : "")}search epoch {epoch.Epoch}: loss {epoch.Loss:0.000}, test {epoch.Accuracy:P1}, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"MACs {epoch.Macs / 1e6:0.00} M (expected {epoch.ExpectedMacs / 1e6:0.00} M), parameters {epoch.Parameters:N0}"));
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
