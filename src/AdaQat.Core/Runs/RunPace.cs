using System.Diagnostics;

namespace AdaQat.Training;

/// <summary>Speed and time left, from the steps of the last while.</summary>
public sealed class RunPace
{
    /// <summary>How much of the estimate a step replaces: it forgets in about fifty steps.</summary>
    private const double Renewal = 0.02;

    private readonly TrainingPlan _plan;
    private long _last = Stopwatch.GetTimestamp();
    private double _secondsPerStep;
    private long _samples;
    private long _done;

    /// <param name="plan">What lies ahead.</param>
    public RunPace(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _done) = (plan, plan.DoneSteps);
    }

    /// <summary>Samples a second; 0 before the first step.</summary>
    public double SamplesPerSecond => _secondsPerStep > 0 ? _samples / _secondsPerStep : 0;

    /// <summary>The time that the steps to come take at this speed, evaluations not counted in.</summary>
    public TimeSpan Left => TimeSpan.FromSeconds(_secondsPerStep * Math.Max(0, _plan.Steps - _done));

    /// <summary>Counts a step that has just ended.</summary>
    /// <param name="step">The step.</param>
    public void OnStep(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var now = Stopwatch.GetTimestamp();
        var seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _secondsPerStep = _secondsPerStep == 0 ? seconds : _secondsPerStep + (Renewal * (seconds - _secondsPerStep));
        (_last, _done, _samples) = (now, step.Step, step.Samples);
    }

    /// <summary>Leaves out what was no training step, such as an evaluation.</summary>
    public void Pause() => _last = Stopwatch.GetTimestamp();
}
