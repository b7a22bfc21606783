namespace AdaQat.Studies.Sensitivity;

/// <summary>What the study of sensitivity does.</summary>
public sealed record SensitivityStudyOptions
{
    /// <summary>The folder of CIFAR-10; null for wherever it is found.</summary>
    public string? Data { get; init; }

    /// <summary>One of <see cref="Networks.StudyNetwork.Names"/>.</summary>
    public string Network { get; init; } = "resnet20";

    /// <summary>Weights of a trained network; null for random ones.</summary>
    public string? Init { get; init; }

    /// <summary>The first so many training images.</summary>
    public int Images { get; init; } = 512;

    /// <summary>Images a batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Whether every forward is computed as a whole.</summary>
    public bool Whole { get; init; }

    /// <summary>CPU threads; null for all processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Where the rows, the page and the checkpoint go.</summary>
    public string Out { get; init; } = "runs/sensitivity";
}
