namespace AdaQat.Training;

/// <summary>What lies ahead of a run.</summary>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="BatchesPerEpoch">Steps of an epoch.</param>
/// <param name="DoneSteps">Steps done before, by the run that this one resumes.</param>
/// <param name="DoneEpochs">Epochs done before.</param>
public sealed record TrainingPlan(int Epochs, int BatchesPerEpoch, int DoneSteps, int DoneEpochs)
{
    /// <summary>Steps in all.</summary>
    public long Steps => (long)Epochs * BatchesPerEpoch;
}
