namespace AdaQat;

/// <summary>How far an evaluation is.</summary>
/// <param name="Network">"float32" or "quantized".</param>
/// <param name="Batches">The batches that are done with.</param>
/// <param name="Total">The batches of an epoch.</param>
public sealed record EvaluationProgress(string Network, int Batches, int Total);
