namespace AdaQat.Widths;

/// <summary>What measured probes have shown of the estimates from the backward pass: sums that forget, over pairs of an estimate e and a measurement m.</summary>
/// <param name="Weights">Over all widths of weights.</param>
/// <param name="Activations">Over all widths of activations.</param>
/// <param name="Widths">Over each width's own, in the order of the widths.</param>
public sealed record CorrectionSnapshot(KindSums Weights, KindSums Activations, IReadOnlyList<WidthSums> Widths);
