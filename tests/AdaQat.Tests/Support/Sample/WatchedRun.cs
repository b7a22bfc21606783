using AdaQat.Training;

namespace AdaQat.Tests.Support.Sample;

/// <summary>Tells a test of each step and shows nothing.</summary>
internal sealed class WatchedRun(Action<TrainingStep>? onStep = null) : IRunDisplay
{
    /// <summary>What the run has told.</summary>
    public List<string> Said { get; } = [];

    public void OnStep(TrainingStep step) => onStep?.Invoke(step);

    public void Say(string message) => Said.Add(message);
}
