namespace ResNet20Cifar.Output;

/// <summary>What a training step leaves in the history.</summary>
/// <param name="Step">Counted from 1 over the whole run.</param>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">The batch's training loss.</param>
/// <param name="LearningRate">What the weights' optimizer stepped with.</param>
/// <param name="Widths">After the step; null where nothing is quantized.</param>
/// <param name="WeightDifference">L(n_w, n_a) − L(n_w − 1, n_a) where this step probed it.</param>
/// <param name="ActivationDifference">L(n_w, n_a) − L(n_w, n_a − 1) where this step probed it.</param>
public sealed record StepRow(
    long Step, int Epoch, double Loss, double LearningRate, WidthReading? Widths, double? WeightDifference, double? ActivationDifference);
