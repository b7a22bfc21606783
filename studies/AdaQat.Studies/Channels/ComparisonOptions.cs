namespace AdaQat.Studies.Channels;

/// <summary>The comparison of ways to find channels, as its command line describes it.</summary>
public sealed record ComparisonOptions
{
    public string? Data { get; init; }

    /// <summary>The folder that has a folder for each run.</summary>
    public required string Out { get; init; }

    public ComparedLimit? Limit { get; init; }

    /// <summary>How many seeds, from 1.</summary>
    public int Seeds { get; init; } = 3;

    public int TrainImages { get; init; } = 25_000;

    public int? TestImages { get; init; }

    public int SearchEpochs { get; init; } = 6;

    public int RetrainEpochs { get; init; } = 8;

    public int Bits { get; init; } = 2;

    public int? Threads { get; init; }

    public string Device { get; init; } = "cpu";

    /// <summary>Prints what there is, and runs nothing.</summary>
    public bool TableOnly { get; init; }
}
