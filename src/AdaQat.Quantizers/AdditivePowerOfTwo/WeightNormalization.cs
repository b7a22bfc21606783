namespace AdaQat.Quantizers;

/// <summary>In which unit <see cref="AdditivePowerOfTwoQuantizer"/> has the clipping value of a weight.</summary>
public enum WeightNormalization
{
    /// <summary>
    /// α counts in root mean squares of the weight: ŵ = r·α·Q(w/(r·α)), r = √mean(w²) without gradient. Keeps the layer's scale, so that a
    /// trained layer without normalisation survives.
    /// </summary>
    Preserve,

    /// <summary>
    /// The paper's: ŵ = α·Q(v/α), v = (w − mean(w))/σ(w), with the gradient through mean and deviation. Weights then have the variance 1;
    /// needs batch normalisation behind the layer.
    /// </summary>
    Standard,
}
