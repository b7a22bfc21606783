using System.Globalization;
using System.Text;

namespace AdaQat.Search;

/// <summary>The epochs of a search as CSV.</summary>
internal static class SearchHistory
{
    /// <summary>A line for each epoch; for each layer the preferred channels, the widest candidate and the preference for it.</summary>
    public static string Csv(IReadOnlyList<SearchEpoch> epochs)
    {
        var text = new StringBuilder("epoch,steps,loss,channel_loss,accuracy,expected_macs,macs,expected_parameters,parameters,grown");
        foreach (var group in epochs.Count > 0 ? epochs[0].Groups : [])
        {
            text.Append(CultureInfo.InvariantCulture, $",{Quoted(group.Layer)},{Quoted(group.Layer + " widest")},")
                .Append(Quoted(group.Layer + " preference"));
        }

        foreach (var e in epochs)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{e.Epoch},{e.Steps},{e.Loss:R},{e.ChannelLoss:R},{e.Accuracy:R},")
                .Append(CultureInfo.InvariantCulture, $"{e.ExpectedMacs:R},{e.Macs:R},{e.ExpectedParameters:R},{e.Parameters:R},")
                .Append(Quoted(string.Join(' ', e.Grown)));
            foreach (var group in e.Groups)
            {
                text.Append(CultureInfo.InvariantCulture, $",{group.Preferred},{group.Candidates[^1]},{group.Preferences[^1]:R}");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
