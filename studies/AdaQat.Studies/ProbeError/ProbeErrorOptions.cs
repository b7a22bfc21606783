namespace AdaQat.Studies.ProbeError;

/// <summary>What is compared, and on how much data.</summary>
public sealed record ProbeErrorOptions
{
    /// <summary>The folder of CIFAR-10; null looks for it as the sample does.</summary>
    public string? Data { get; init; }

    /// <summary>The network's weights; null leaves them random.</summary>
    public string? Init { get; init; }

    /// <summary>n of every learned weight width.</summary>
    public int WeightBits { get; init; } = 4;

    /// <summary>n of every learned activation width.</summary>
    public int ActivationBits { get; init; } = 4;

    public int Images { get; init; } = 2048;

    public int BatchSize { get; init; } = 128;

    /// <summary>Widths measured a step by the schedules that do not measure all.</summary>
    public int Probes { get; init; } = 2;

    public long Seed { get; init; } = 1;

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Where every single difference goes; null for the table only.</summary>
    public string? Csv { get; init; }
}
