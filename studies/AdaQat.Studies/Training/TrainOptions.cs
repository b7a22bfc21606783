using AdaQat.Studies.Networks;

namespace AdaQat.Studies.Training;

/// <summary>What is trained, how it is quantized, and on how much data.</summary>
public sealed record TrainOptions
{
    /// <summary>The folder of CIFAR-10; null looks for it as the sample does.</summary>
    public string? Data { get; init; }

    /// <summary>One of <see cref="StudyNetwork.Names"/>.</summary>
    public string Network { get; init; } = "resnet20";

    /// <summary>One of <see cref="Family.OfWeights"/>, for all layers but the first and the last.</summary>
    public string Weights { get; init; } = "dorefa";

    /// <summary>One of <see cref="Family.OfActivations"/>, for all layers but the first and the last.</summary>
    public string Activations { get; init; } = "pact";

    /// <summary>The fixed width of weights; null, where no λ is given, trains in float.</summary>
    public int? WeightBits { get; init; }

    /// <summary>The fixed width of inputs; null, where no λ is given, trains in float.</summary>
    public int? ActivationBits { get; init; }

    /// <summary>λ of learned widths; null, where there is no target either, learns none.</summary>
    public double? Lambda { get; init; }

    /// <summary>The bit operations of an image that learned widths are led to; null leads them nowhere.</summary>
    public double? TargetBitOps { get; init; }

    /// <summary>What becomes of widths that are allocated from sensitivities within the target; null allocates none.</summary>
    public AllocatedWidths? Allocation { get; init; }

    /// <summary>The step in which widths led to a target become final; null for half of all steps.</summary>
    public int? TargetStep { get; init; }

    /// <summary>How far a learned width reaches.</summary>
    public WidthSharing Sharing { get; init; } = WidthSharing.Network;

    /// <summary>What becomes of the operands of residual sums.</summary>
    public JoinHandling Joins { get; init; }

    public int Epochs { get; init; } = 2;

    public int BatchSize { get; init; } = 128;

    /// <summary>How many training images; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>How many test images; null for all.</summary>
    public int? TestImages { get; init; }

    /// <summary>Where the weights start from; null from random ones.</summary>
    public string? Init { get; init; }

    /// <summary>Whether the trained network is quantized by <see cref="AdaQat.PostTraining"/> before it is trained on.</summary>
    public bool PostTraining { get; init; }

    /// <summary>
    /// Of how many test images the trained network is compared with the integer network that it becomes; null compiles none.
    /// </summary>
    public int? Integers { get; init; }

    /// <summary>
    /// Of how many test images the trained network is compared, as ONNX files, with its integer network; null writes none.
    /// </summary>
    public int? Onnx { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>The run's folder; one that was begun before is gone on with.</summary>
    public string? Out { get; init; }

    /// <summary>Whether nothing is quantized.</summary>
    public bool IsFloat => WeightBits is null && !LearnsWidths;

    /// <summary>Whether widths are learned.</summary>
    public bool LearnsWidths => Lambda is not null || TargetBitOps is not null;
}
