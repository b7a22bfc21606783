using System.Globalization;

namespace AdaQat.Training;

/// <summary>How the numbers of a run are shown to people, the same in every culture.</summary>
public static class RunText
{
    /// <summary>"57.35 %".</summary>
    /// <param name="share">0 to 1.</param>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");

    /// <summary>"1:02:03".</summary>
    /// <param name="time">Hours may be many.</param>
    public static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>"5.43 (6 bits)": N, and ⌈N⌉ or the mean of it; "6 bits" where both are that.</summary>
    /// <param name="value">N, real-valued.</param>
    /// <param name="bits">The width in force.</param>
    public static string Width(double value, double bits) => value == bits
        ? string.Create(CultureInfo.InvariantCulture, $"{bits:0.##} bits")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ({bits:0.##} bits)");

    /// <summary>", train 57.35 %"; empty where nothing was measured or counted.</summary>
    internal static string Accuracy(string of, Evaluation? measured) => measured?.Accuracy is { } share ? $", {of} {Percent(share)}" : "";

    /// <summary>", weights 5.43 (6 bits), activations …"; empty for a model in float.</summary>
    internal static string Widths(WidthReading? widths) => widths is null
        ? ""
        : $", weights {Width(widths.Weights, widths.WeightBits)}, activations {Width(widths.Activations, widths.ActivationBits)}";
}
