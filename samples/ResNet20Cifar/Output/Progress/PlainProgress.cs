using static ResNet20Cifar.Output.Progress.ProgressText;

namespace ResNet20Cifar.Output.Progress;

/// <summary>Plain lines, for a pipe or a log: one every few seconds and one an epoch.</summary>
public sealed class PlainProgress(TextWriter output, TimeSpan interval) : IRunProgress
{
    private RunPlan? _plan;
    private Pace? _pace;
    private DateTime _shown = DateTime.UtcNow;

    public void Around(RunPlan plan, Action training)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(training);
        _plan = plan;
        _pace = new Pace(plan);
        Say(plan.Title);
        training();
    }

    public void OnStep(StepRow row, double trainAccuracy)
    {
        ArgumentNullException.ThrowIfNull(row);
        _pace!.OnStep(row.Step);
        if (DateTime.UtcNow - _shown < interval)
        {
            return;
        }

        _shown = DateTime.UtcNow;
        var place = Invariant($"epoch {row.Epoch}/{_plan!.Epochs} step {row.Step}/{_plan.Steps}");
        var speed = Invariant($"{_pace.ImagesPerSecond:0} images/s, {Duration(_pace.Left)} left");
        Say(Invariant($"{place}: loss {row.Loss:0.0000}, train {Percent(trainAccuracy)}{Widths(row.Widths)}, {speed}"));
    }

    public void OnEpoch(EpochRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var accuracy = $"train {Percent(row.TrainAccuracy)}, test {Percent(row.TestAccuracy)}";
        Say(Invariant($"epoch {row.Epoch}/{_plan!.Epochs} done: loss {row.Loss:0.0000}, {accuracy}{Widths(row.Widths)}"));
        _pace!.Pause();
    }

    public void Say(string message)
    {
        output.WriteLine(message);
        output.Flush();
    }
}
