using AdaQat.Training;

namespace AdaQat;

/// <summary>What a checkpoint gives back besides the state that it has put in place.</summary>
/// <param name="Progress">Where the run stood.</param>
/// <param name="Notes">The notes that it was saved with.</param>
public sealed record ResumedRun(TrainingProgress Progress, IReadOnlyDictionary<string, string> Notes)
{
    /// <summary>A run that has not begun: no step done, no notes.</summary>
    public static ResumedRun New { get; } = new(TrainingProgress.Start, new Dictionary<string, string>());
}
