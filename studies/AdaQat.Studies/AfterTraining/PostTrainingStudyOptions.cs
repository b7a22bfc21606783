namespace AdaQat.Studies.AfterTraining;

/// <summary>Which trained network is quantized, and on how much data.</summary>
public sealed record PostTrainingStudyOptions
{
    /// <summary>The folder of CIFAR-10; null looks for it as the sample does.</summary>
    public string? Data { get; init; }

    /// <summary>One of <see cref="Networks.StudyNetwork.Names"/>.</summary>
    public string Network { get; init; } = "resnet20";

    /// <summary>The trained weights; null leaves them random, and the figures say little.</summary>
    public string? Init { get; init; }

    /// <summary>Training images, without their labels, that ranges and corrections come from.</summary>
    public int Images { get; init; } = 512;

    /// <summary>How many test images; null for all.</summary>
    public int? TestImages { get; init; }

    /// <summary>Whether every observer is combined with every correction, not the one of least squared error alone.</summary>
    public bool IsFull { get; init; }

    /// <summary>Those of <see cref="StudyCorrection.Names"/> that are tried, with commas between; null for all.</summary>
    public string? Corrections { get; init; }

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Where rows are kept; those that are there already are not computed again. Null keeps none.</summary>
    public string? Csv { get; init; }
}
