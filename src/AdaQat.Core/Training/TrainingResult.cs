namespace AdaQat.Training;

/// <summary>How a run ended.</summary>
/// <param name="Steps">Steps done, those of the runs it resumed counted in.</param>
/// <param name="Completed">Whether all epochs are done; false after a cancellation.</param>
/// <param name="Last">The last epoch of this call, or null if none was finished.</param>
public sealed record TrainingResult(int Steps, bool Completed, TrainingEpoch? Last);
