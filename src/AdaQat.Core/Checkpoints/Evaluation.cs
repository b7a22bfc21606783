namespace AdaQat.Training;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">The mean loss a sample.</param>
/// <param name="Accuracy">The share that was right, 0 to 1; null where nothing is counted.</param>
/// <param name="Samples">How many samples there were.</param>
public sealed record Evaluation(double Loss, double? Accuracy, long Samples);
