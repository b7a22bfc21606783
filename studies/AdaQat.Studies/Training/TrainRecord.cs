namespace AdaQat.Studies.Training;

/// <summary>The outcome of a run: <c>run.json</c>.</summary>
/// <param name="TestAccuracy">The share of test images classified rightly, after the last epoch.</param>
/// <param name="WeightBits">The mean width of the inner layers' weights; 32 in float.</param>
/// <param name="ActivationBits">The same of their inputs.</param>
/// <param name="BitOps">Of one image; in float 32 · 32 a multiplication.</param>
/// <param name="Options">What the run was started with.</param>
internal sealed record TrainRecord(double TestAccuracy, double WeightBits, double ActivationBits, double BitOps, TrainOptions Options);
