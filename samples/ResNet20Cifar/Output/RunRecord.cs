using ResNet20Cifar.CommandLine;

namespace ResNet20Cifar.Output;

/// <summary>The outcome of a run, as <c>run.json</c> holds it.</summary>
public sealed record RunRecord
{
    /// <summary>The share of the test images classified right at the end.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>n_w at the end, the mean where layers differ; 32 without quantization.</summary>
    public required double WeightBits { get; init; }

    /// <summary>n_a at the end, likewise.</summary>
    public required double ActivationBits { get; init; }

    /// <summary>The step after which no weight width moved any more; null where one still does.</summary>
    public required long? WeightFrozenAtStep { get; init; }

    /// <summary>The step after which no activation width moved any more; null where one still does.</summary>
    public required long? ActivationFrozenAtStep { get; init; }

    /// <summary>Σ MAC · n_w · n_a for one image.</summary>
    public required double BitOps { get; init; }

    /// <summary>λ at the end: the option's, or where it was steered to; null where no width is learned.</summary>
    public required double? Lambda { get; init; }

    /// <summary>The bit operations that the run had to end at or under; null without such a target.</summary>
    public required double? TargetBitOps { get; init; }

    /// <summary>Bytes of the float32 weights over those of the quantized ones.</summary>
    public required double WeightCompression { get; init; }

    /// <summary>Training steps done, over all resumptions.</summary>
    public required long Steps { get; init; }

    /// <summary>Wall-clock time of training and evaluation, this start of the process only.</summary>
    public required double Seconds { get; init; }

    public required string Dataset { get; init; }

    public required int TrainImages { get; init; }

    public required int TestImages { get; init; }

    public required string TorchVersion { get; init; }

    public required int Threads { get; init; }

    /// <summary>Every layer's bits, in the order in which they run; empty without quantization.</summary>
    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    public required RunOptions Options { get; init; }
}
