namespace AdaQat.Quantizers;

/// <summary>The factor c of a quantized weight ŵ = c · (2·q_k(u) − 1).</summary>
public enum WeightScale
{
    /// <summary>
    /// c = mean|w| / mean|2u − 1|: keeps the layer's scale, so that a trained layer without normalisation survives. No gradient flows
    /// through c.
    /// </summary>
    Preserve,

    /// <summary>c = 1, the paper's: weights fill [−1, 1]; needs batch normalisation behind the layer.</summary>
    Unit,
}
