using System.Text.Json;
using System.Text.Json.Nodes;

namespace AdaQat.Training;

/// <summary>The options of a run that goes on: those it was started with, whatever is said anew.</summary>
public static class ResumedOptions
{
    /// <summary>
    /// The recorded options, with those of <paramref name="free"/> that were said anew; any other that was said must be as it was.
    /// </summary>
    /// <param name="recorded">What the run was started with; a record that JSON can write.</param>
    /// <param name="now">What is asked for now.</param>
    /// <param name="given">
    /// The names of the options that were said: of properties, or as a command line writes them (<c>--batch-size</c> for BatchSize).
    /// </param>
    /// <param name="free">The names of properties that do not change what is computed, such as where data lie.</param>
    /// <exception cref="RunFolderException">An option that was said differs from the recorded one; the message has both.</exception>
    /// <exception cref="ArgumentException">A name is no property's.</exception>
    public static TOptions Merge<TOptions>(
        TOptions recorded, TOptions now, IEnumerable<string> given, IReadOnlyCollection<string> free)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(free);
        var (before, after) = (Properties(recorded), Properties(now));
        var changeable = free.Select(name => NameOf(before, name)).ToHashSet(StringComparer.Ordinal);
        foreach (var option in given)
        {
            var name = NameOf(before, option);
            if (changeable.Contains(name))
            {
                before[name] = after[name]?.DeepClone();
            }
            else if (!JsonNode.DeepEquals(before[name], after[name]))
            {
                throw new RunFolderException(
                    $"{option}: the run was started with {Text(before[name])}, not {Text(after[name])}; leave the option out or start "
                    + "a new run.");
            }
        }

        return before.Deserialize<TOptions>(RunFolder.Json)!;
    }

    private static JsonObject Properties<TOptions>(TOptions options) =>
        JsonSerializer.SerializeToNode(options, RunFolder.Json) as JsonObject
        ?? throw new ArgumentException($"{typeof(TOptions).Name} is no record of properties.", nameof(options));

    private static string NameOf(JsonObject options, string option)
    {
        var plain = option.Replace("-", "", StringComparison.Ordinal);
        return options.Select(property => property.Key).FirstOrDefault(key => key.Equals(plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"'{option}' names no property; there are {string.Join(", ", options.Select(p => p.Key))}.");
    }

    private static string Text(JsonNode? value) => value is null ? "the default" : value.GetValueKind() switch
    {
        JsonValueKind.True => "it",
        JsonValueKind.False => "no such option",
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
