namespace ResNet20Cifar.Output.Progress;

/// <summary>What lies ahead of a run.</summary>
/// <param name="Title">One line that says what is trained how.</param>
/// <param name="Epochs">In all.</param>
/// <param name="StepsPerEpoch">Training steps of an epoch.</param>
/// <param name="BatchSize">Images of a step.</param>
/// <param name="FirstStep">Steps done before this start of the process.</param>
public sealed record RunPlan(string Title, int Epochs, int StepsPerEpoch, int BatchSize, long FirstStep)
{
    public long Steps => (long)Epochs * StepsPerEpoch;
}
