using System.Globalization;

namespace Samples.CommandLine;

/// <summary>Weight and activation bits, written <c>W,A</c>.</summary>
public sealed record BitPair(int Weights, int Activations)
{
    public const int Least = 1;
    public const int Most = 8;

    /// <summary>Reads <c>W,A</c>; null where the text is anything else.</summary>
    public static BitPair? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',');
        return parts.Length == 2
            && Bits(parts[0]) is { } weights && Bits(parts[1]) is { } activations ? new BitPair(weights, activations) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Weights},{Activations}");

    private static int? Bits(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is >= Least and <= Most ? bits : null;
}
