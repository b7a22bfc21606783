using System.Globalization;

namespace AdaQat.Recording;

/// <summary>Reads the constants that the text of a graph shows in full.</summary>
internal static class TorchConstants
{
    private const string Value = "value=";

    /// <summary>An <c>int</c>.</summary>
    public static long Integer(TorchOperation constant) => Number(Text(constant), constant);

    /// <summary>
    /// A <see cref="long"/>, a <see cref="double"/>, a <see cref="bool"/>, a <see cref="string"/>, a list of <see cref="long"/>, or null
    /// where there is none.
    /// </summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static object? Read(TorchOperation constant) => (constant.Outputs[0].Type.Name, constant.Attributes) switch
    {
        (_, "") => null,
        ("int", _) => Integer(constant),
        ("float", _) => Fraction(constant),
        ("bool", _) => Integer(constant) != 0,
        ("str" or "Device", _) => Text(constant).Trim('"'),
        ("int[]", _) => Text(constant).Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => Number(number, constant)).ToList(),
        var (type, _) => throw new FormatException($"A constant of type {type} can't be read: {constant.Attributes}"),
    };

    private static string Text(TorchOperation constant) => constant.Attributes.StartsWith(Value, StringComparison.Ordinal)
        ? constant.Attributes[Value.Length..]
        : throw new FormatException($"The constant '{constant.Outputs[0].Name}' has the attributes '{constant.Attributes}'.");

    /// <summary>libtorch prints seventeen digits, which are the number, and a point behind a whole one.</summary>
    private static double Fraction(TorchOperation constant) => Text(constant) switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"The constant '{constant.Outputs[0].Name}' is '{text}', which is no number."),
    };

    private static long Number(string text, TorchOperation constant) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"The constant '{constant.Outputs[0].Name}' is '{text}', which is no integer.");
}
