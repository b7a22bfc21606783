namespace AdaQat;

/// <summary>What one network does and costs.</summary>
/// <param name="Name">"float32" or "quantized".</param>
/// <param name="Quality">Loss and accuracy.</param>
/// <param name="WeightBytes">The size of its weights at their widths, in bytes; biases and normalisation not counted.</param>
/// <param name="Macs">Multiply-accumulate operations of one inference.</param>
/// <param name="BitOps">Σ MACs · weight bits · activation bits.</param>
/// <param name="PeakActivationBytes">
/// The most bytes that activations take at once (<see cref="ModelSummary.PeakActivationBytes"/>); null where the model has no graph.
/// </param>
/// <param name="Costs">The costs asked for, in their order.</param>
/// <param name="Timing">How long an inference takes; null where it was not timed.</param>
public sealed record NetworkFigures(
    string Name,
    Training.Evaluation Quality,
    double WeightBytes,
    long Macs,
    double BitOps,
    double? PeakActivationBytes,
    IReadOnlyList<CostSummary> Costs,
    InferenceTiming? Timing);
