using System.Globalization;

namespace AdaQat.Recording;

/// <summary>Reads the text in which libtorch prints a graph: one operation a line, no blocks. Anything else is refused.</summary>
internal static class TorchScriptParser
{
    /// <summary>The operations, in order.</summary>
    /// <exception cref="FormatException">The text is not what libtorch 2.10 prints.</exception>
    public static IReadOnlyList<TorchOperation> Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2 || lines[0] != "graph():" || lines[^1] != "return ()")
        {
            throw new FormatException($"The text of a recorded graph begins with '{lines.FirstOrDefault()}' and ends with "
                + $"'{lines.LastOrDefault()}'; expected are 'graph():' and 'return ()'.");
        }

        return [.. lines[1..^1].Select(Operation)];
    }

    private static TorchOperation Operation(string line)
    {
        var equals = TopLevel(line, "= ").FirstOrDefault(-1);
        if (equals < 0)
        {
            throw Malformed(line, "an operation has '='");
        }

        var (left, right) = (line[..equals].Trim(), line[(equals + 2)..]);
        var kindEnd = right.IndexOfAny(['[', '(']);
        var argumentsEnd = right.EndsWith(')') ? right.Length - 1 : -1;
        if (kindEnd < 0 || argumentsEnd < 0)
        {
            throw Malformed(line, "an operation ends with its arguments");
        }

        // The attribute of a constant may hold any brackets, but its arguments are none; other operations have simple ones.
        var argumentsBegin = right.LastIndexOf('(');
        var attributes = right[kindEnd] == '[' && right[argumentsBegin - 1] == ']' ? right[(kindEnd + 1)..(argumentsBegin - 1)] : "";
        if (right[kindEnd] == '(' ? kindEnd != argumentsBegin : attributes.Length == 0)
        {
            throw Malformed(line, "attributes are between brackets");
        }

        return new TorchOperation(
            right[..kindEnd], [.. Split(left).Select(output => Value(output, line))],
            [.. Split(right[(argumentsBegin + 1)..argumentsEnd]).Select(input => Name(input, line))], attributes);
    }

    private static TorchValue Value(string text, string line)
    {
        var colon = text.IndexOf(" : ", StringComparison.Ordinal);
        return colon < 0 ? throw Malformed(line, "an output has a type") : new(Name(text[..colon], line), Type(text[(colon + 3)..], line));
    }

    private static string Name(string text, string line) =>
        text.Length > 1 && text[0] == '%' && !text.Contains(' ', StringComparison.Ordinal)
            ? text[1..]
            : throw Malformed(line, $"'{text}' is no name");

    /// <summary><c>Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)</c>, or a name alone.</summary>
    private static TorchType Type(string text, string line)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith(')'))
        {
            return new TorchType(text, Shape: null);
        }

        var sizes = new List<long>();
        foreach (var part in Split(text[(open + 1)..^1]))
        {
            if (part.Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                throw Malformed(line, $"'{part}' is no size");
            }

            sizes.Add(size);
        }

        return new TorchType(text[..open], sizes);
    }

    /// <summary>The parts between commas outside of brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var begin = 0;
        foreach (var comma in TopLevel(text, ",").Append(text.Length))
        {
            if (text[begin..comma].Trim() is { Length: > 0 } part)
            {
                yield return part;
            }

            begin = comma + 1;
        }
    }

    private static IEnumerable<int> TopLevel(string text, string searched)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth == 0 && string.CompareOrdinal(text, i, searched, 0, searched.Length) == 0)
            {
                yield return i;
            }
        }
    }

    private static FormatException Malformed(string line, string why) =>
        new($"A line of a recorded graph can't be read ({why}): {line}");
}
