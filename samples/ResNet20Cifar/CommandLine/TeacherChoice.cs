using System.Globalization;
using AdaQat;

namespace ResNet20Cifar.CommandLine;

/// <summary>A teacher to learn from, written <c>CHECKPOINT</c> or <c>CHECKPOINT,T,W</c>.</summary>
/// <param name="Checkpoint">The float network's checkpoint.</param>
/// <param name="Temperature">T: softens the scores.</param>
/// <param name="Weight">W: the teacher's share of the loss.</param>
public sealed record TeacherChoice(string Checkpoint, double Temperature = 4, double Weight = 0.5)
{
    /// <summary>
    /// Reads the text; null where a number is outside what is allowed. A path may have commas in it: only two numbers at the end count.
    /// </summary>
    public static TeacherChoice? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',');
        if (parts.Length < 3 || Number(parts[^2]) is not { } temperature || Number(parts[^1]) is not { } weight)
        {
            return IsPath(text) ? new TeacherChoice(text) : null;
        }

        var path = string.Join(',', parts[..^2]);
        return IsPath(path) && temperature > 0 && weight is > 0 and <= 1 ? new TeacherChoice(path, temperature, weight) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Checkpoint},{Temperature},{Weight}");

    private static bool IsPath(string text) => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
