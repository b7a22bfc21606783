namespace ResNet20Cifar.Output.Progress;

/// <summary>Shows a person how a run goes.</summary>
public interface IRunProgress
{
    /// <summary>Runs the training with the display around it.</summary>
    void Around(RunPlan plan, Action training);

    /// <summary>A step is done; <paramref name="trainAccuracy"/> is that of its epoch so far.</summary>
    void OnStep(StepRow row, double trainAccuracy);

    /// <summary>An epoch is done and measured.</summary>
    void OnEpoch(EpochRow row);

    /// <summary>Something that a person should know.</summary>
    void Say(string message);
}
