namespace AdaQat.Training;

/// <summary>One training step, as it is reported.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Batch">The number of the batch in the epoch, from 1.</param>
/// <param name="Samples">How many samples the batch had.</param>
/// <param name="Loss">The training loss.</param>
/// <param name="LearningRate">The learning rate of the first parameter group.</param>
/// <param name="EpochSoFar">Mean loss and accuracy over the epoch's batches up to this one.</param>
/// <param name="BitWidths">What the bit-widths' optimizer did, or null without one and in steps made in float.</param>
/// <param name="Widths">The bit-widths after the step; null for a model in float.</param>
public sealed record TrainingStep(
    int Step, int Epoch, int Batch, long Samples, double Loss, double LearningRate, Evaluation EpochSoFar, BitWidthStep? BitWidths,
    WidthReading? Widths);
