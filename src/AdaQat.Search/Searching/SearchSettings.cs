using System.Globalization;

namespace AdaQat.Search.Searching;

/// <summary>The choices that must be the same for a resumed search to be the uninterrupted one, as text by name.</summary>
internal static class SearchSettings
{
    /// <summary>Where checkpoints go makes no difference; a scheme shows in the quantizers, which a checkpoint checks itself.</summary>
    private static readonly string[] Free =
        [nameof(ChannelSearchOptions.CheckpointPath), nameof(ChannelSearchOptions.CheckpointInterval), nameof(ChannelSearchOptions.Scheme)];

    public static IReadOnlyDictionary<string, string> Of(ChannelSearchOptions options) => new SortedDictionary<string, string>(
        typeof(ChannelSearchOptions).GetProperties().Where(p => !Free.Contains(p.Name))
            .ToDictionary(p => p.Name, p => Text(p.GetValue(options)), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static string Text(object? value) => value switch
    {
        IEnumerable<double> numbers => string.Join("; ", numbers.Select(n => FormattableString.Invariant($"{n}"))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other?.ToString() ?? "none",
    };
}
