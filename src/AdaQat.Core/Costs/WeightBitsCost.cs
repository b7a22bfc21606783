using AdaQat.Costs;

namespace AdaQat;

/// <summary>Weight memory: Σ_l WeightCount_l · n_w,l, the bits that all quantized weights take together.</summary>
/// <remarks>
/// In the loss it is L_hard = Σ WeightCount_l·N_w,l / Σ WeightCount_l over the layers with a learned weight width: the mean width of a
/// weight, in bits. Activations cost nothing here: their widths follow the task loss alone.
/// </remarks>
public sealed class WeightBitsCost : IHardwareCost
{
    private static readonly MemoryCost Memory = new(l => l.WeightCount, l => l.WeightBits, l => l.WeightBits);

    /// <inheritdoc/>
    public string Name => "weights";

    /// <inheritdoc/>
    public string Unit => "bits";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>Σ_l WeightCount_l · n over all layers, in bits.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return Memory.Total(layers);
    }

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return Memory.Loss(layers);
    }

    /// <summary>∂L_hard/∂N_w: the share of the learned weights that the width serves; 0 for an activation width.</summary>
    /// <param name="layers">The layers and their bits.</param>
    /// <param name="width">One of the layers' widths.</param>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        return Memory.Derivative(layers, width);
    }
}
