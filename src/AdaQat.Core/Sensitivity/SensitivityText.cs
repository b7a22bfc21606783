using System.Globalization;
using System.Text;
using AdaQat.Checkpoints;

namespace AdaQat.Sensitivity;

/// <summary>A report as text.</summary>
internal static class SensitivityText
{
    private const string Header =
        "layer,target,bits,loss,lossChange,accuracy,accuracyChange,tensorSqnrDb,outputSqnrDb,outputError";

    public static void WriteCsv(string path, IEnumerable<SensitivityRow> rows)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var r in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{r.Layer},{Name(r.Target)},{r.Bits},{r.Loss:R},{r.LossChange:R},{r.Accuracy:R},");
            text.Append(CultureInfo.InvariantCulture, $"{r.AccuracyChange:R},{r.TensorSqnr:R},{r.OutputSqnr:R},{r.OutputError:R}\n");
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static string Table(SensitivityReport report)
    {
        var bits = report.Rows.Select(r => r.Bits).Distinct().Order().ToList();
        var rows = report.Rows.GroupBy(r => (r.Layer, r.Target)).Select(group =>
            new[] { group.Key.Layer, Name(group.Key.Target) }
                .Concat(bits.Select(b => group.FirstOrDefault(r => r.Bits == b) is { } row ? Change(row.LossChange) : ""))
                .ToArray()).ToList();
        string[] header = ["layer", "of", .. bits.Select(b => $"{b} bits")];
        var widths = header.Select((_, column) => rows.Append(header).Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"change of the loss, {report.Loss:0.0000} in float");
        text.Append(report.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $" at {accuracy:P2}") : "");
        text.Append(CultureInfo.InvariantCulture, $", on {report.Samples} samples; one weight or input quantized at a time\n");
        foreach (var row in rows.Prepend(header))
        {
            text.AppendJoin("  ", row.Select((cell, i) => i < 2 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).Append('\n');
        }

        text.Append(Work(report));
        foreach (var note in report.Notes)
        {
            text.Append('\n').Append("left out: ").Append(note);
        }

        return text.ToString();
    }

    /// <summary>How the forwards were made.</summary>
    public static string Work(SensitivityReport report)
    {
        var graph = report.NodesOfWholeForwards == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"computed from the changed layer on: {report.ComputedNodes} of {report.NodesOfWholeForwards} operators");
        var whole = report.WholeForwards == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{report.WholeForwards} forwards computed as a whole: {report.WholeForwardsReason}");
        return string.Join("; ", new[] { graph, whole }.Where(part => part.Length > 0));
    }

    public static string Name(QuantizerTarget target) => target == QuantizerTarget.Weight ? "weights" : "activations";

    private static string Change(double change) => change.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
