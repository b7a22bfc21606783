using AdaQat.Costs;

namespace AdaQat;

/// <summary>
/// The bytes that weights take as they are stored: for each weight its codes, packed and rounded up to bytes, with the scales, zero points
/// or levels that its quantizer needs beside them (<see cref="LayerProfile.Storage"/>). Biases and normalisation are not counted.
/// </summary>
/// <remarks>
/// A weight that several layers share is stored once. In the loss it is L_hard = bits stored / weights over the layers with a learned
/// weight width: the mean width of a weight with what is stored beside it, in bits. Activations cost nothing here.
/// </remarks>
public sealed class StoredWeightCost : IHardwareCost
{
    private static readonly SumOfLayers Sum = new(
        l => l.Layer.OwnsWeight ? l.Layer.Storage.Bytes(l.Layer.WeightCount, l.WeightBits) : 0,
        l => l.WeightBits.IsLearned && l.OwnsWeight,
        l => l.WeightCount / 8.0);

    /// <inheritdoc/>
    public string Name => "stored weights";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>Σ_l ⌈WeightCount_l · n / 8⌉ and what is stored beside it, over all layers, in bytes.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers) => Sum.Total(layers);

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers) => Sum.Loss(layers);

    /// <inheritdoc/>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => Sum.Derivative(layers, width);
}
