namespace AdaQat.Sensitivity;

/// <summary>How far an analysis is: what it needs to go on.</summary>
internal sealed record SensitivityState
{
    /// <summary>The format of the file.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Of what it is an analysis: texts by what they are of.</summary>
    public required IReadOnlyDictionary<string, string> Subject { get; init; }

    /// <summary>Batches that are done.</summary>
    public int Batches { get; set; }

    /// <summary>Weights and inputs that are done of the next batch.</summary>
    public int Targets { get; set; }

    /// <summary>The sums of the model in float over the batches that are done.</summary>
    public SensitivityBaseline Baseline { get; set; } = SensitivityBaseline.Zero;

    /// <summary>The sums of each target, at each of its widths.</summary>
    public required SensitivitySums[][] Sums { get; init; }

    /// <summary>Nodes that were computed where the graph served.</summary>
    public long ComputedNodes { get; set; }

    /// <summary>Nodes that whole forwards would have computed there.</summary>
    public long AllNodes { get; set; }

    /// <summary>Forwards that were made as a whole.</summary>
    public long WholeForwards { get; set; }

    /// <summary>Why forwards were made as a whole; null where none was.</summary>
    public string? WholeReason { get; set; }
}
