namespace AdaQat.Costs;

/// <summary>Weight memory: Σ_l WeightCount_l · n_w,l, the bits that all quantized weights take together.</summary>
/// <remarks>
/// In the loss it is L_hard = Σ WeightCount_l·N_w,l / Σ WeightCount_l over the layers with a learned weight width: the mean width of a
/// weight, in bits. Activations cost nothing here: their widths follow the task loss alone.
/// </remarks>
public sealed class WeightBitsCost : IHardwareCost
{
    /// <summary>Σ_l WeightCount_l · n_w,l over all layers, in bits.</summary>
    public double Total(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(l => (double)l.WeightCount * l.WeightBits.Bits);
    }

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var count = LearnedCount(layers);
        return count == 0 ? 0 : layers.Where(l => l.WeightBits.IsLearned).Sum(l => (double)l.WeightCount * l.WeightBits.Bits) / count;
    }

    /// <summary>∂L_hard/∂N_w: the share of the learned weights that the width serves; 0 for an activation width.</summary>
    public double Derivative(IReadOnlyList<LayerCost> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        var count = LearnedCount(layers);
        return count == 0 ? 0 : layers.Where(l => ReferenceEquals(l.WeightBits, width)).Sum(l => (double)l.WeightCount) / count;
    }

    private static double LearnedCount(IReadOnlyList<LayerCost> layers) =>
        layers.Where(l => l.WeightBits.IsLearned).Sum(l => (double)l.WeightCount);
}
