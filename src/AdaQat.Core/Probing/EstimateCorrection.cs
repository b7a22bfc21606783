namespace AdaQat.Probing;

/// <summary>
/// Corrects estimates by what measured probes show: the estimate of a width that was not measured, times the slope of its kind.
/// </summary>
/// <remarks>
/// From pairs of an estimate e and a measurement m of the same width in the same step, ρ = (Σ m·e + κ·ē²) / (Σ e² + κ·ē²), one for weights
/// and one for activations, with ē² the mean of e²: 1 before the first pair. A single measurement is noise for the most part (on ResNet-20,
/// two to ten times as large as the mean it belongs to), hence the shrinkage κ = 16; sums forget, so that they follow the training.
/// Immutable: a step that is refused leaves no trace.
/// </remarks>
/// <param name="Weights">Over all widths of weights.</param>
/// <param name="Activations">Over all widths of activations.</param>
internal sealed record EstimateCorrection(RegressionSums Weights, RegressionSums Activations)
{
    /// <summary>κ: as many pairs weigh as much as what is assumed without any, a slope of 1.</summary>
    private const double Shrinkage = 16;

    /// <summary>What is left of the sums after each pair.</summary>
    private const double Memory = 0.99;

    /// <summary>One that has seen nothing and leaves estimates as they are.</summary>
    public static EstimateCorrection None { get; } = new(RegressionSums.Empty, RegressionSums.Empty);

    /// <summary>The correction after a step that measured and estimated one more width.</summary>
    public EstimateCorrection With(bool isOfWeights, double estimate, double measured) => isOfWeights
        ? this with { Weights = Weights.With(estimate, measured, Memory) }
        : this with { Activations = Activations.With(estimate, measured, Memory) };

    /// <summary>The difference to expect where <paramref name="estimate"/> was estimated.</summary>
    public double Correct(bool isOfWeights, double estimate) => (isOfWeights ? Weights : Activations).Slope(Shrinkage) * estimate;
}
