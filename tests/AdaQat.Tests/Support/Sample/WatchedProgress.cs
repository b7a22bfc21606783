using ResNet20Cifar.Output;
using ResNet20Cifar.Output.Progress;

namespace AdaQat.Tests.Support.Sample;

/// <summary>Tells a test of each step and shows nothing.</summary>
internal sealed class WatchedProgress(Action<StepRow>? onStep = null) : IRunProgress
{
    public void Around(RunPlan plan, Action training) => training();

    public void OnStep(StepRow row, double trainAccuracy) => onStep?.Invoke(row);

    public void OnEpoch(EpochRow row)
    {
    }

    public void Say(string message)
    {
    }
}
