using System.Diagnostics;
using System.Globalization;

namespace AdaQat.Training;

/// <summary>Plain lines, for a pipe or a log: one every few seconds and one an epoch.</summary>
public sealed class PlainProgress : IRunDisplay
{
    private readonly TextWriter _output;
    private readonly string? _title;
    private readonly TimeSpan _interval;
    private readonly Lock _writing = new();
    private TrainingPlan _plan = new(0, 0, 0, 0);
    private RunPace _pace = new(new TrainingPlan(0, 0, 0, 0));
    private long _shown;

    /// <param name="output">Takes the lines; it stays open.</param>
    /// <param name="title">The first line: what is trained how; null for none.</param>
    /// <param name="interval">The least time between two lines of steps; null for 5 seconds. At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    public PlainProgress(TextWriter output, string? title = null, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval ?? TimeSpan.Zero, TimeSpan.Zero, nameof(interval));
        (_output, _title, _interval) = (output, title, interval ?? TimeSpan.FromSeconds(5));
    }

    /// <inheritdoc/>
    public void OnStart(TrainingPlan plan)
    {
        (_plan, _pace, _shown) = (plan, new RunPace(plan), Stopwatch.GetTimestamp());
        if (_title is not null)
        {
            Say(_title);
        }
    }

    /// <inheritdoc/>
    public void OnStep(TrainingStep report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _pace.OnStep(report);
        if (Stopwatch.GetElapsedTime(_shown) < _interval)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {report.Epoch}/{_plan.Epochs} step {report.Step}/{_plan.Steps}: loss {report.Loss:0.0000}"
            + $"{RunText.Accuracy("train", report.EpochSoFar)}{RunText.Widths(report.Widths)}, {_pace.SamplesPerSecond:0} samples/s, "
            + $"{RunText.Duration(_pace.Left)} left"));
    }

    /// <inheritdoc/>
    public void OnEpoch(TrainingEpoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/{_plan.Epochs} done: loss {epoch.Train.Loss:0.0000}{RunText.Accuracy("train", epoch.Train)}"
            + $"{RunText.Accuracy("test", epoch.Test)}{RunText.Widths(epoch.Widths)}"));
        _pace.Pause();
    }

    /// <inheritdoc/>
    public void OnWarning(QuantizationWarning warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        Say($"Warning: {warning.Message}");
    }

    /// <inheritdoc/>
    public void Say(string message)
    {
        lock (_writing)
        {
            _output.WriteLine(message);
            _output.Flush();
        }
    }
}
