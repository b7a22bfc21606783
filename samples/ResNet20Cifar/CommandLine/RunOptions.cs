using System.Text.Json.Serialization;

namespace ResNet20Cifar.CommandLine;

/// <summary>A run, as its command line describes it.</summary>
public sealed record RunOptions
{
    /// <summary>The folder with CIFAR-10's binary files; null for the cache, a download or procedural images.</summary>
    public string? Data { get; init; }

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

    public WidthGranularity Granularity { get; init; } = WidthGranularity.Network;

    /// <summary>Given widths; null where they are learned, or where nothing is quantized.</summary>
    public BitPair? FixedBits { get; init; }

    /// <summary>Whether nothing is quantized.</summary>
    public bool Unquantized { get; init; }

    /// <summary>A checkpoint whose weights the run starts from; null for a random start.</summary>
    public string? Init { get; init; }

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
