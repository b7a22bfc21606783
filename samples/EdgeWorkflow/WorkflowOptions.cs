namespace EdgeWorkflow;

/// <summary>What the walk is taken with.</summary>
public sealed record WorkflowOptions
{
    /// <summary>The folder of CIFAR-10; null looks for it as the other samples do.</summary>
    public string? Data { get; init; }

    /// <summary>One of <see cref="WorkflowNetwork.Names"/>.</summary>
    public string Network { get; init; } = "small";

    /// <summary>Epochs in float.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Epochs of fine-tuning with AdaQAT.</summary>
    public int FineTuningEpochs { get; init; } = 2;

    /// <summary>The bit operations allowed, as a share of those with 8 bits everywhere.</summary>
    public double Budget { get; init; } = 0.35;

    public int BatchSize { get; init; } = 128;

    /// <summary>How many training images; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>How many test images; null for all.</summary>
    public int? TestImages { get; init; }

    /// <summary>Where reports go.</summary>
    public string Out { get; init; } = "workflow";

    public long Seed { get; init; } = 1;

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }
}
