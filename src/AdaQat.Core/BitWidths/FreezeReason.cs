namespace AdaQat;

/// <summary>Why a width stopped moving.</summary>
public enum FreezeReason
{
    /// <summary>It switched upwards across one integer boundary more often than the threshold allows.</summary>
    Oscillation,

    /// <summary>It rested at its minimum for the set number of probes.</summary>
    RestAtMinimum,

    /// <summary>The run came to the step by which its cost target had to be met.</summary>
    Target,

    /// <summary>
    /// The run came to the step in which inferred widths become final: <see cref="BitWidthOptimizerOptions.FreezeStep"/>.
    /// </summary>
    Schedule,
}
