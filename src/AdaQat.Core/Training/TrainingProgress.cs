namespace AdaQat.Training;

/// <summary>Where a run stands: what a checkpoint holds besides tensors and bit-widths.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Batch">Batches done in the epoch under way.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Samples">Samples seen in the epoch under way.</param>
/// <param name="LossSum">Their losses, summed.</param>
/// <param name="Correct">How many of them were right.</param>
public sealed record TrainingProgress(int Epoch, int Batch, int Step, long Samples, double LossSum, double Correct)
{
    /// <summary>A run that has not begun.</summary>
    public static TrainingProgress Start { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>The epoch under way so far.</summary>
    internal Evaluation Train => new(LossSum / Samples, Correct / Samples, Samples);

    internal TrainingProgress After(long samples, double loss, double correct) => this with
    {
        Batch = Batch + 1,
        Step = Step + 1,
        Samples = Samples + samples,
        LossSum = LossSum + (loss * samples),
        Correct = Correct + correct,
    };

    internal TrainingProgress NextEpoch() => Start with { Epoch = Epoch + 1, Step = Step };
}
