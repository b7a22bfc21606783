using System.Globalization;
using System.Text;
using AdaQat.Checkpoints;

namespace AdaQat.Training;

/// <summary>
/// <c>history.csv</c>: a row for each training step and one for each epoch, told apart by the first column. Each row is handed to the
/// operating system at once, so what was written survives the process; numbers are written so that they read back to the bit.
/// </summary>
/// <remarks>
/// A run that is resumed goes on in its file: rows beyond the checkpoint were written by work that is about to be done again, so they are
/// taken out, as is a line that a kill cut short. A run from its first step on begins the file anew; a file that is no history is refused.
/// </remarks>
public sealed class HistoryFile : ITrainingObserver, IDisposable
{
    /// <summary>The first line: the columns' names.</summary>
    public const string Header =
        "row,step,epoch,loss,learningRate,weightWidth,activationWidth,weightBits,activationBits,weightDifference,activationDifference,"
        + "trainAccuracy,testAccuracy";

    private const string StepKind = "step";
    private const string EpochKind = "epoch";

    private readonly string _path;
    private StreamWriter? _writer;

    /// <param name="path">The file; its folder must be there when the run starts.</param>
    public HistoryFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = path;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be read or written, or holds something else.</exception>
    public void OnStart(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<string> before = File.Exists(_path) ? [.. CompleteLines(File.ReadAllText(_path))] : [];
        if (before.Count > 0 && before[0] != Header)
        {
            throw new IOException(
                $"'{_path}' is no history: it begins with '{before[0][..Math.Min(before[0].Length, 80)]}'. It is left as it is; name "
                + "another file.");
        }

        var kept = before.Skip(1).Where(line => Belongs(line, plan)).Prepend(Header).Select(line => line + "\n");
        AtomicFile.Write(_path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept))));
        var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <inheritdoc/>
    public void OnStep(TrainingStep report)
    {
        ArgumentNullException.ThrowIfNull(report);
        WriteRow(
            StepKind, report.Step, report.Epoch, report.Loss, report.LearningRate, report.Widths, report.Widths?.WeightDifference,
            report.Widths?.ActivationDifference, null, null);
    }

    /// <inheritdoc/>
    public void OnEpoch(TrainingEpoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        WriteRow(
            EpochKind, epoch.Step, epoch.Epoch, epoch.Train.Loss, null, epoch.Widths, null, null, epoch.Train.Accuracy,
            epoch.Test?.Accuracy);
    }

    /// <inheritdoc/>
    public void OnEnd()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Closes the file, as the end of a run does.</summary>
    public void Dispose() => OnEnd();

    private void WriteRow(
        string kind, int step, int epoch, double loss, double? rate, WidthReading? widths, params ReadOnlySpan<double?> rest)
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

        (_writer ?? throw new InvalidOperationException($"The history '{_path}' is not open: no run is going on.")).WriteLine(line);
    }

    private static IEnumerable<string> CompleteLines(string text)
    {
        for (int start = 0, end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
        {
            yield return text[start..end];
        }
    }

    private static bool Belongs(string line, TrainingPlan plan)
    {
        var cells = line.Split(',');
        return cells.Length > 3
            && long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && (cells[0] == EpochKind ? epoch <= plan.DoneEpochs : cells[0] == StepKind && step <= plan.DoneSteps);
    }
}
