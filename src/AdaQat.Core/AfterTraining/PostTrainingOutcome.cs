namespace AdaQat;

/// <summary>What became of a step of post-training quantization.</summary>
public enum PostTrainingOutcome
{
    /// <summary>It was made, and the network is not worse for it.</summary>
    Kept,

    /// <summary>It was made, made the network worse, and was taken back.</summary>
    Dropped,

    /// <summary>It found nothing to do, or could not be made; the detail says why.</summary>
    Skipped,
}
