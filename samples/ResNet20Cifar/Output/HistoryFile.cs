using System.Globalization;
using System.Text;

namespace ResNet20Cifar.Output;

/// <summary>
/// <c>history.csv</c>: a row for each training step and one for each epoch, told apart by the first column. Each row is handed to the
/// operating system at once, so what was written survives the process; numbers are written so that they read back to the bit.
/// </summary>
public sealed class HistoryFile : IDisposable
{
    public const string Header =
        "row,step,epoch,loss,learningRate,weightWidth,activationWidth,weightBits,activationBits,weightDifference,activationDifference,"
        + "trainAccuracy,testAccuracy";

    private const string StepKind = "step";
    private const string EpochKind = "epoch";

    private readonly StreamWriter _writer;

    private HistoryFile(string path, FileMode mode) =>
        _writer = new StreamWriter(new FileStream(path, mode, FileAccess.Write, FileShare.Read),
            new UTF8Encoding(false))
        { AutoFlush = true, NewLine = "\n" };

    /// <summary>A history without rows.</summary>
    public static HistoryFile Create(string path)
    {
        var history = new HistoryFile(path, FileMode.Create);
        history._writer.WriteLine(Header);
        return history;
    }

    /// <summary>
    /// Goes on after <paramref name="step"/> steps and <paramref name="epochs"/> finished epochs: rows beyond them were written by work
    /// that no checkpoint holds and that is about to be done again, so they are taken out, as is a line that a kill cut short.
    /// </summary>
    public static HistoryFile Continue(string path, long step, int epochs)
    {
        if (!File.Exists(path))
        {
            return Create(path);
        }

        var kept = new StringBuilder();
        kept.Append(Header).Append('\n');
        foreach (var line in CompleteLines(File.ReadAllText(path)).Skip(1).Where(line => Belongs(line, step, epochs)))
        {
            kept.Append(line).Append('\n');
        }

        var temporary = path + ".tmp";
        File.WriteAllText(temporary, kept.ToString());
        File.Move(temporary, path, overwrite: true);
        return new HistoryFile(path, FileMode.Append);
    }

    public void Write(StepRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        WriteRow(
            StepKind, row.Step, row.Epoch, row.Loss, row.LearningRate, row.Widths, row.WeightDifference, row.ActivationDifference, null,
                null);
    }

    public void Write(EpochRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        WriteRow(EpochKind, row.Step, row.Epoch, row.Loss, null, row.Widths, null, null, row.TrainAccuracy, row.TestAccuracy);
    }

    public void Dispose() => _writer.Dispose();

    private void WriteRow(
        string kind, long step, int epoch, double loss, double? rate, WidthReading? widths, params ReadOnlySpan<double?> rest)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{kind},{step},{epoch},{loss:R},{rate:R}");
        line.Append(
            CultureInfo.InvariantCulture,
            $",{widths?.Weights:R},{widths?.Activations:R},{widths?.WeightBits:R},{widths?.ActivationBits:R}");
        foreach (var value in rest)
        {
            line.Append(CultureInfo.InvariantCulture, $",{value:R}");
        }

        _writer.WriteLine(line);
    }

    private static IEnumerable<string> CompleteLines(string text)
    {
        for (int start = 0, end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
        {
            yield return text[start..end];
        }
    }

    private static bool Belongs(string line, long step, int epochs)
    {
        var cells = line.Split(',');
        return cells.Length > 3
            && long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rowStep)
            && int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var rowEpoch)
            && (cells[0] == EpochKind ? rowEpoch <= epochs : cells[0] == StepKind && rowStep <= step);
    }
}
