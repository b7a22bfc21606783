namespace AdaQat;

/// <summary>A step of post-training quantization, and what it brought.</summary>
/// <param name="Name">Which it was.</param>
/// <param name="Outcome">Whether it was kept.</param>
/// <param name="Before">How near the network was before.</param>
/// <param name="After">How near it was with the step, kept or not; null where it was not made.</param>
/// <param name="Detail">What was done, or why not, in a sentence.</param>
/// <param name="Duration">The time that it took, measuring included.</param>
/// <param name="Correction">What was done layer by layer; null where the step is no correction, or was not made.</param>
public sealed record PostTrainingStep(
    string Name, PostTrainingOutcome Outcome, PostTrainingQuality? Before, PostTrainingQuality? After, string Detail, TimeSpan Duration,
    CorrectionReport? Correction);
