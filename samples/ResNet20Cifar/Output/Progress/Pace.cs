using System.Diagnostics;

namespace ResNet20Cifar.Output.Progress;

/// <summary>Speed and time left, from the steps of the last while.</summary>
public sealed class Pace(RunPlan plan)
{
    /// <summary>How much of the estimate a step replaces: it forgets in about fifty steps.</summary>
    private const double Renewal = 0.02;

    private long _last = Stopwatch.GetTimestamp();
    private double _secondsPerStep;
    private long _done = plan.FirstStep;

    public double ImagesPerSecond => _secondsPerStep > 0 ? plan.BatchSize / _secondsPerStep : 0;

    public TimeSpan Left => TimeSpan.FromSeconds(_secondsPerStep * (plan.Steps - _done));

    public void OnStep(long step)
    {
        var now = Stopwatch.GetTimestamp();
        var seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _secondsPerStep = _secondsPerStep == 0 ? seconds : _secondsPerStep + Renewal * (seconds - _secondsPerStep);
        _last = now;
        _done = step;
    }

    /// <summary>Leaves out what was no training step, such as an evaluation.</summary>
    public void Pause() => _last = Stopwatch.GetTimestamp();
}
