namespace AdaQat;

/// <summary>How near a quantized network comes to the float one.</summary>
/// <param name="SignalToNoise">
/// 10·log₁₀(Σy² / Σ(ŷ − y)²) over the model's outputs on the data, in decibels: y in float before anything was done, ŷ quantized. Positive
/// infinity where they are equal; no labels are needed.
/// </param>
/// <param name="Metric">What <see cref="PostTrainingOptions.Evaluate"/> returned; null where none was given.</param>
public readonly record struct PostTrainingQuality(double SignalToNoise, double? Metric)
{
    /// <summary>Whether another is worse: by the metric where there is one, else, and where metrics are equal, by the signal.</summary>
    internal bool IsWorseThan(PostTrainingQuality other) => Metric is { } own && other.Metric is { } others && own != others
        ? !(own > others)
        : !(SignalToNoise >= other.SignalToNoise);
}
