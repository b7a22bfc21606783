using System.Globalization;

namespace ResNet20Cifar.Output.Progress;

/// <summary>How numbers are shown to people.</summary>
internal static class ProgressText
{
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Percent(double share) => Invariant($"{100 * share:0.00} %");

    public static string Duration(TimeSpan time) => Invariant($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>"5.43 (6 bits)".</summary>
    public static string Width(double value, double bits) => Invariant($"{value:0.00} ({bits:0.##} bits)");

    public static string Widths(WidthReading? widths) => widths is null
        ? ""
        : $", weights {Width(widths.Weights, widths.WeightBits)}, activations {Width(widths.Activations, widths.ActivationBits)}";
}
