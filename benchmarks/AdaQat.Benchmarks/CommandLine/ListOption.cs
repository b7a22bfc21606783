using System.CommandLine;
using System.Globalization;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>Options with several values and commas between.</summary>
internal static class ListOption
{
    public static Option<IReadOnlyList<int>?> Integers(string name, string description, int least, int most, string example) =>
        TextOption.Create<IReadOnlyList<int>?>(
            name,
            "N,...",
            description,
            string.Create(
                CultureInfo.InvariantCulture, $"whole numbers from {least} to {most}, each once, with commas between, as in {example}"),
            (string text, out IReadOnlyList<int>? values) => TryRead(
                text, (string item, out int value) =>
                    int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most,
                    out values));

    public static Option<IReadOnlyList<T>?> Choices<T>(string name, string description, IReadOnlyDictionary<string, T> choices)
        where T : class =>
        TextOption.Create<IReadOnlyList<T>?>(
            name,
            "NAME,...",
            description,
            $"{string.Join(", ", choices.Keys)}, each once, with commas between",
            (string text, out IReadOnlyList<T>? values) => TryRead(
                text, (string item, out T value) => choices.TryGetValue(item, out value!), out values));

    private static bool TryRead<T>(string text, TryRead<T> read, out IReadOnlyList<T>? values)
    {
        var items = new List<T>();
        values = null;
        foreach (var part in text.Split(','))
        {
            if (!read(part, out var item) || items.Contains(item))
            {
                return false;
            }

            items.Add(item);
        }

        values = items;
        return true;
    }
}
