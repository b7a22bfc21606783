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

    /// <summary>
    /// The share of a run in which bit-widths that meet no resistance fall from their largest to their smallest value. With a third, they
    /// meet their resistance in the first half, and have the second to settle.
    /// </summary>
    public double DescentShare { get; init; } = 1 / 3.0;

    /// <summary>
    /// Probing steps that such a descent has at least, ten a bit: a short run probes in more of its steps than the library's default does,
    /// down to every one.
    /// </summary>
    public int ProbesOfDescent { get; init; } = 60;

    /// <summary>
    /// The share of a run after which a width that rests at its minimum is frozen there, in steps; at most the library's default.
    /// </summary>
    public double RestShare { get; init; } = 1 / 10.0;

    public int EvaluationBatchSize { get; init; } = 500;

    /// <summary>Steps between two checkpoints inside an epoch: what a power cut costs at most.</summary>
    public int CheckpointInterval { get; init; } = 200;
}
