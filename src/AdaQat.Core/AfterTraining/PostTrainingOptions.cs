using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>Choices of <see cref="PostTraining"/>.</summary>
/// <remarks>Every step is measured, and taken back where the network is worse for it; a choice here says whether it is tried.</remarks>
public sealed record PostTrainingOptions
{
    /// <summary>How much time it may take. Default <see cref="PostTrainingEffort.Thorough"/>.</summary>
    public PostTrainingEffort Effort { get; init; } = PostTrainingEffort.Thorough;

    /// <summary>
    /// Chooses the ranges of inputs, where their quantizers take any; null leaves it to each quantizer. Default: the least mean squared
    /// error.
    /// </summary>
    public ObserverOptions? Observer { get; init; } = new MeanSquaredErrorObserverOptions();

    /// <summary>
    /// Chooses the ranges of weights, where their quantizers take any, as <c>AffineOptions</c> with <c>RangeSource.Static</c> do; null
    /// leaves it to each quantizer. Default: the least mean squared error.
    /// </summary>
    public ObserverOptions? WeightObserver { get; init; } = new MeanSquaredErrorObserverOptions();

    /// <summary>
    /// Whether batch normalisation is folded into the layers before it. Default false: docs/post-training.md says why it harms at few bits.
    /// </summary>
    public bool FoldsBatchNorm { get; init; }

    /// <summary>Whether channels of neighbouring layers are equalised. Default true.</summary>
    public bool Equalizes { get; init; } = true;

    /// <summary>
    /// How rounding is learned, with <see cref="PostTrainingEffort.Thorough"/>; null takes the defaults. Default null.
    /// </summary>
    public LearnedRoundingOptions? Rounding { get; init; }

    /// <summary>Whether the means of layers' outputs are corrected, on the data. Default true.</summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>Whether batch-norm statistics are measured anew, on the data as the quantized network has them. Default true.</summary>
    public bool ReestimatesBatchNorm { get; init; } = true;

    /// <summary>
    /// What is to be good in the end, larger being better, such as the accuracy on images kept apart: called for the network in float and
    /// after each step, with the model in whatever mode it is in; it must leave the model as it is. Where given, it decides which steps are
    /// kept, and the signal-to-noise ratio only between equals. Default null: no labels are needed.
    /// </summary>
    public Func<double>? Evaluate { get; init; }

    /// <summary>Checks the choices.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Guard.Defined(Effort, nameof(Effort));
        Observer?.Validate();
        WeightObserver?.Validate();
        Rounding?.Validate();
    }
}
