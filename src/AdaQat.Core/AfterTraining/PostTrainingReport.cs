using System.Globalization;
using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>What post-training quantization did, and what each step brought. <see cref="ToString"/> is a table.</summary>
/// <param name="Steps">The steps in their order.</param>
/// <param name="FloatMetric">The metric of the network in float; null where none was given.</param>
/// <param name="Ranges">What the last calibration saw and chose.</param>
/// <param name="Notes">What was noticed of the network, such as a channel that reaches much farther than the others.</param>
public sealed record PostTrainingReport(
    IReadOnlyList<PostTrainingStep> Steps, double? FloatMetric, CalibrationReport Ranges, IReadOnlyList<string> Notes)
{
    /// <summary>How near the network has come to the float one.</summary>
    public PostTrainingQuality Quality =>
        Steps.Where(s => s.Outcome == PostTrainingOutcome.Kept).Select(s => s.After).OfType<PostTrainingQuality>().Last();

    /// <summary>The table: a row a step, then a line a note.</summary>
    public override string ToString()
    {
        var hasMetric = FloatMetric is not null;
        (string, bool)[] metric = hasMetric ? [("metric", true)] : [];
        var table = new TextTable([
            ("step", false), ("outcome", false), ("signal to noise", true), ("change", true), .. metric, ("seconds", true), ("what", false),
        ]);
        if (hasMetric)
        {
            table.Add("float", "", "", "", Number(FloatMetric), "", "the network as it was");
        }

        foreach (var step in Steps)
        {
            string[] value = hasMetric ? [Number(step.After?.Metric)] : [];
            table.Add([
                step.Name, step.Outcome.ToString().ToLowerInvariant(), Decibels(step.After?.SignalToNoise, "0.00"),
                Decibels(step.After?.SignalToNoise - step.Before?.SignalToNoise, "+0.00;−0.00;0.00"), .. value,
                step.Duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture), step.Detail,
            ]);
        }

        return string.Join(Environment.NewLine, Notes.Select(note => $"note: {note}").Prepend(table.ToString()));
    }

    private static string Decibels(double? value, string format) =>
        value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) + " dB" : "";

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
