using System.Text.Json.Serialization;
using AdaQat.Search;

namespace ChannelExpansion;

/// <summary>A run, as its command line describes it: a property an option of that name, whose help says what it does.</summary>
public sealed record ExpansionOptions
{
    public string? Data { get; init; }

    public SearchMethod Method { get; init; } = SearchMethod.Expand;

    public StageChannels Channels { get; init; } = StageChannels.ResNet20;

    public int SearchEpochs { get; init; } = 6;

    public int RetrainEpochs { get; init; } = 8;

    public int Bits { get; init; } = 2;

    public double? TargetMacs { get; init; }

    public double? TargetParameters { get; init; }

    public double Threshold { get; init; } = new ChannelSearchOptions().ExpansionThreshold;

    public double Growth { get; init; } = new ChannelSearchOptions().Growth;

    public double GrowthInterval { get; init; } = new ChannelSearchOptions().GrowthInterval;

    public ChannelMixing Mixing { get; init; } = new ChannelSearchOptions().Mixing;

    public int? TrainImages { get; init; }

    public int? TestImages { get; init; }

    [JsonIgnore]
    public string? Out { get; init; }

    public long Seed { get; init; } = 1;

    public int? Threads { get; init; }

    public string Device { get; init; } = "cpu";

    [JsonIgnore]
    public bool Resume { get; init; }

    /// <summary>The name of what the run trains on, found out when it starts; it must be the same when it goes on.</summary>
    public string? Dataset { get; init; }
}
