using AdaQat.Sensitivity;

namespace AdaQat;

/// <summary>
/// What each layer's bits cost: one weight, or one layer's input, quantized at a time, everything else in float. <see cref="ToString"/> is
/// a table, <see cref="WriteCsv"/> a file.
/// </summary>
public sealed record SensitivityReport
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>How many batches were analysed.</summary>
    public required int Batches { get; init; }

    /// <summary>How many samples these have.</summary>
    public required long Samples { get; init; }

    /// <summary>The mean loss of a sample in float.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of the samples that is right in float, 0 to 1; null where that is not counted.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>A row for each weight at each width, then one for each input, in the order of the layers.</summary>
    public required IReadOnlyList<SensitivityRow> Rows { get; init; }

    /// <summary>How weights and inputs are spread, in the same order.</summary>
    public required IReadOnlyList<TensorDistribution> Distributions { get; init; }

    /// <summary>The quantized layers: multiplications and elements, in the order in which the model calls them.</summary>
    public required IReadOnlyList<LayerProfile> Layers { get; init; }

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many nodes of the model's graph were computed for the rows.</summary>
    public required long ComputedNodes { get; init; }

    /// <summary>How many nodes these forwards would have computed as a whole.</summary>
    public required long NodesOfWholeForwards { get; init; }

    /// <summary>How many forwards were computed as a whole: the model's graph did not serve.</summary>
    public required long WholeForwards { get; init; }

    /// <summary>Why; null where none was.</summary>
    public required string? WholeForwardsReason { get; init; }

    /// <summary>Writes the rows as a CSV file, numbers so that they read back to the bit; what is not counted is empty.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteCsv(string path) => SensitivityText.WriteCsv(path, Rows);

    /// <summary>How the forwards were made: from the changed layer on, with how much work, or as a whole, and why.</summary>
    public string DescribeWork() => SensitivityText.Work(this);

    /// <summary>A table of the change of the loss, a row a weight or input and a column a width, and how it was made.</summary>
    public override string ToString() => SensitivityText.Table(this);
}
