namespace AdaQat;

/// <summary>How the elements of a weight, or of a layer's input on the first batch, are spread, and the values they would become.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Target">Its weight, or its input.</param>
/// <param name="Minimum">The smallest finite element.</param>
/// <param name="Maximum">The largest finite element.</param>
/// <param name="Counts">Elements in bins of equal width from the smallest to the largest.</param>
/// <param name="Grids">The values at each width that was tried; none where a quantizer has no grid to tell.</param>
public sealed record TensorDistribution(
    string Layer, QuantizerTarget Target, double Minimum, double Maximum, IReadOnlyList<long> Counts,
    IReadOnlyList<DistributionGrid> Grids);
