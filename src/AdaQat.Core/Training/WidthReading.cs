namespace AdaQat.Training;

/// <summary>
/// The bit-widths of a moment: the means over the learned ones, or, where none is learned, over all layers but the first and the last.
/// </summary>
/// <param name="Weights">N_w, real-valued.</param>
/// <param name="Activations">N_a, real-valued.</param>
/// <param name="WeightBits">n_w, the width in force: whole, unless it is a mean.</param>
/// <param name="ActivationBits">n_a, likewise.</param>
/// <param name="WeightDifference">The mean finite difference of the loss in weights' widths that the step probed; null for none.</param>
/// <param name="ActivationDifference">The same for activations.</param>
/// <param name="WeightFrozenAtStep">The step that froze the last of the weights' widths; null while one is not frozen.</param>
/// <param name="ActivationFrozenAtStep">The same for activations.</param>
public sealed record WidthReading(
    double Weights,
    double Activations,
    double WeightBits,
    double ActivationBits,
    double? WeightDifference,
    double? ActivationDifference,
    long? WeightFrozenAtStep,
    long? ActivationFrozenAtStep)
{
    /// <summary>Reads a model's widths as they are now.</summary>
    /// <param name="model">The handle from attaching.</param>
    public static WidthReading Of(QuantizedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new WidthReadings(model).After(null);
    }
}
