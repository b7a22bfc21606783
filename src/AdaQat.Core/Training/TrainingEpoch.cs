namespace AdaQat.Training;

/// <summary>One epoch, as it is reported.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Step">The number of its last step.</param>
/// <param name="Train">Mean loss and accuracy over its batches, as they were trained on.</param>
/// <param name="Test">The evaluation after it, or null without test data.</param>
/// <param name="Widths">The bit-widths at its end; null for a model in float.</param>
public sealed record TrainingEpoch(int Epoch, int Step, Evaluation Train, Evaluation? Test, WidthReading? Widths);
