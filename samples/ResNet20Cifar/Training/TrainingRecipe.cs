namespace ResNet20Cifar.Training;

/// <summary>The numbers of a training run that are no options: those He et al. train with, as far as they apply.</summary>
public sealed record TrainingRecipe
{
    /// <summary>The learning rate at the start of a run from random weights; it falls to 0 along half a cosine.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The same for a run that starts from trained weights, which a larger rate would undo.</summary>
    public double FineTuningRate { get; init; } = 0.02;

    public double Momentum { get; init; } = 0.9;

    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// The weight decay of PACT's clipping values: it pulls the range in, against the rounding error that a wide one costs.
    /// </summary>
    public double ClippingDecay { get; init; } = 1e-4;

    /// <summary>Steps between two checkpoints inside an epoch: what a power cut costs at most.</summary>
    public int CheckpointInterval { get; init; } = 200;
}
