using AdaQat.Studies.Training;

namespace AdaQat.Studies.Compiling;

/// <summary>Which networks are compiled to integers, how they are trained before, and on how many images they are compared.</summary>
public sealed record IntegersOptions
{
    /// <summary>The folder of CIFAR-10; null looks for it as the sample does.</summary>
    public string? Data { get; init; }

    /// <summary>Some of <see cref="CompiledNetwork.Names"/>, with commas between; null for all.</summary>
    public string? Networks { get; init; }

    /// <summary>Only with the operands of sums handled like this; null for each way that a network can have.</summary>
    public JoinHandling? Joins { get; init; }

    /// <summary>One of <see cref="Family.OfWeights"/>.</summary>
    public string Weights { get; init; } = "lsq-channel";

    /// <summary>One of <see cref="Family.OfActivations"/>.</summary>
    public string Activations { get; init; } = "lsq";

    /// <summary>The width of all weights but those of the first and last layer.</summary>
    public int WeightBits { get; init; } = 4;

    /// <summary>The width of all inputs but those of the first and last layer.</summary>
    public int ActivationBits { get; init; } = 4;

    /// <summary>How many training images there are.</summary>
    public int TrainImages { get; init; } = 38_400;

    /// <summary>How often each network sees them, in float for the first half.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>How many images a step of training takes. Small batches make more steps of as many images.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Adam's learning rate at the start, which falls along half a cosine.</summary>
    public double Rate { get; init; } = 2e-3;

    /// <summary>How many test images are compared.</summary>
    public int Images { get; init; } = 10_000;

    public long Seed { get; init; } = 1;

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Where trained networks and models go; what was trained there is not trained again.</summary>
    public string Out { get; init; } = "runs/integers";
}
