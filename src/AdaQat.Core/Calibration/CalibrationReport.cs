using System.Globalization;
using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>What a calibration saw and chose, tensor by tensor. <see cref="ToString"/> is a table.</summary>
/// <param name="Batches">How many batches the model was run on.</param>
/// <param name="Ranges">Inputs that a batch reached, in the order of their layers; then weights, where they were observed.</param>
public sealed record CalibrationReport(int Batches, IReadOnlyList<CalibratedRange> Ranges)
{
    /// <summary>The table: a row a tensor.</summary>
    public override string ToString()
    {
        var table = new TextTable(
            ("layer", false), ("tensor", false), ("observer", false), ("elements", true), ("not finite", true), ("smallest", true),
            ("largest", true), ("range", false), ("clipped", true));
        foreach (var range in Ranges)
        {
            table.Add(
                range.Layer, range.Target == QuantizerTarget.Weight ? "weight" : "input", range.Observer, Number(range.Count),
                Number(range.NonFinite), Number(range.Minimum), Number(range.Maximum), RangeText(range.Ranges),
                range.ClippedShare is { } share ? share.ToString("P3", CultureInfo.InvariantCulture) : "");
        }

        return table.ToString();
    }

    private static string RangeText(IReadOnlyList<ValueRange> ranges) => ranges.Count switch
    {
        0 => "none",
        1 => ranges[0].ToString(),
        _ => $"{ranges.Count} within {ValueRange.Hull(ranges)}",
    };

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
