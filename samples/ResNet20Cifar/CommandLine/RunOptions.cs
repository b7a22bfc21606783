using System.Text.Json.Serialization;
using AdaQat;
using AdaQat.Quantizers;
using Samples.CommandLine;

namespace ResNet20Cifar.CommandLine;

/// <summary>A run, as its command line describes it: a property an option of that name, whose help says what it does.</summary>
public sealed record RunOptions
{
    public string? Data { get; init; }

    public int Epochs { get; init; } = 10;

    public int BatchSize { get; init; } = 128;

    public double Lambda { get; init; } = 0.15;

    public double? TargetBitOps { get; init; }

    public int? TrainImages { get; init; }

    public int? TestImages { get; init; }

    public WidthSharing Sharing { get; init; } = WidthSharing.Network;

    public JoinHandling Joins { get; init; }

    public ProbeChoice Probes { get; init; } = ProbeChoice.Economical;

    public BitPair? FixedBits { get; init; }

#pragma warning disable CA1720 // It has the name of its option.
    public bool Float { get; init; }
#pragma warning restore CA1720

    public string? Init { get; init; }

    public WeightTransform WeightTransform { get; init; } = WeightTransform.Auto;

    public PactStart ClippingStart { get; init; } = PactStart.Percentile;

    public int? Calibrate { get; init; }

    public int? ReestimateBatchNorm { get; init; }

    public TeacherChoice? Distill { get; init; }

    public bool Front { get; init; }

    [JsonIgnore]
    public string? Out { get; init; }

    [JsonIgnore]
    public string? Export { get; init; }

    public long Seed { get; init; } = 1;

    public int? Threads { get; init; }

    public string Device { get; init; } = "cpu";

    [JsonIgnore]
    public bool Resume { get; init; }

    /// <summary>The name of what the run trains on, found out when it starts; it must be the same when it goes on.</summary>
    public string? Dataset { get; init; }

    public RunMode Mode => Float ? RunMode.Unquantized : FixedBits is null ? RunMode.AdaQat : RunMode.FixedBits;
}
