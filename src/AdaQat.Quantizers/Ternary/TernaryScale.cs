namespace AdaQat.Quantizers;

/// <summary>What a ternary weight's ±1 is multiplied with.</summary>
public enum TernaryScale
{
    /// <summary>The mean of |w| above the threshold, at every call: TWN's (arXiv 1605.04711).</summary>
    Mean,

    /// <summary>
    /// Two parameters of the layer, one for each sign, which start at TWN's scales and are learned: TTQ's (arXiv 1612.01064). For the whole
    /// tensor alone.
    /// </summary>
    Learned,
}
