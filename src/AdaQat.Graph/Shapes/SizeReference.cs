using System.Globalization;
using System.Text.RegularExpressions;

namespace AdaQat.Graph;

/// <summary>The size of one of an operator's inputs along an axis.</summary>
public readonly partial record struct SizeReference
{
    /// <summary>A size of an input.</summary>
    /// <param name="input">Which input of the operator, 0 being the first.</param>
    /// <param name="axis">Which of its axes, 0 being the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public SizeReference(int input, int axis)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        (Input, Axis) = (input, axis);
    }

    /// <summary>Which input of the operator.</summary>
    public int Input { get; }

    /// <summary>Which of its axes.</summary>
    public int Axis { get; }

    /// <summary>The two numbers.</summary>
    /// <param name="input">Which input.</param>
    /// <param name="axis">Which axis.</param>
    public void Deconstruct(out int input, out int axis) => (input, axis) = (Input, Axis);

    /// <summary>As it is written in a graph's text.</summary>
    /// <returns>For example <c>size(0,2)</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"size({Input},{Axis})");

    internal static SizeReference? TryParse(string text)
    {
        var match = Form().Match(text);
        return match.Success ? new(Number(match.Groups[1].Value), Number(match.Groups[2].Value)) : null;
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^size\((\d{1,6}),(\d{1,6})\)$")]
    private static partial Regex Form();
}
