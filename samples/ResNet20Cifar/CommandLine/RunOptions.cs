using System.Text.Json.Serialization;
using AdaQat;
using AdaQat.Quantizers;

namespace ResNet20Cifar.CommandLine;

/// <summary>A run, as its command line describes it.</summary>
public sealed record RunOptions
{
    /// <summary>The folder with CIFAR-10's binary files; null for the cache, a download or procedural images.</summary>
    public string? Data { get; init; }

    /// <summary>Passes over the training images; 0 measures the network it starts from.</summary>
    public int Epochs { get; init; } = 10;

    public int BatchSize { get; init; } = 128;

    /// <summary>λ: the weight of the hardware cost in the loss.</summary>
    public double Lambda { get; init; } = 0.15;

    /// <summary>The bit operations for one image that the run must end at or just under, by steering λ; null leaves λ as it is.</summary>
    public double? TargetBitOps { get; init; }

    /// <summary>How many of the training images are used, from the first on; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>How many of the test images are used, from the first on; null for all.</summary>
    public int? TestImages { get; init; }

    public WidthSharing WidthSharing { get; init; } = WidthSharing.Network;

    public ProbeChoice Probes { get; init; } = ProbeChoice.Economical;

    /// <summary>Given widths; null where they are learned, or where nothing is quantized.</summary>
    public BitPair? FixedBits { get; init; }

    /// <summary>Whether nothing is quantized.</summary>
    public bool Unquantized { get; init; }

    /// <summary>A checkpoint whose weights the run starts from; null for a random start.</summary>
    public string? Init { get; init; }

    /// <summary>What DoReFa applies to weights first.</summary>
    public WeightTransform WeightTransform { get; init; } = WeightTransform.Tanh;

    /// <summary>Where clipping values start: at a percentile, or where quantizing loses least.</summary>
    public PactStart ClippingStart { get; init; } = PactStart.Percentile;

    /// <summary>Training batches that ranges of activations start from; null for the first one, while it is trained on.</summary>
    public int? Calibrate { get; init; }

    /// <summary>Training batches on which batch-norm statistics are measured anew before training; null leaves them.</summary>
    public int? ReestimateBatchNorm { get; init; }

    /// <summary>A float network to learn from besides the labels; null for none.</summary>
    public TeacherChoice? Distill { get; init; }

    /// <summary>Whether the checkpoints that no other beats in both accuracy and cost are kept.</summary>
    public bool Front { get; init; }

    /// <summary>The run's folder; null for a new one under <c>runs</c>.</summary>
    [JsonIgnore]
    public string? Out { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>CPU threads; null for all processors.</summary>
    public int? Threads { get; init; }

    public string Device { get; init; } = "cpu";

    [JsonIgnore]
    public bool Resume { get; init; }

    public RunMode Mode => Unquantized ? RunMode.Unquantized : FixedBits is null ? RunMode.AdaQat : RunMode.FixedBits;
}
