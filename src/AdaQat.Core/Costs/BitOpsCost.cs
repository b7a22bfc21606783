namespace AdaQat;

/// <summary>
/// Bit operations: BitOPs = Σ_l MAC_l · n_w,l · n_a,l, the cost of AdaQAT (section III-C).
/// </summary>
/// <remarks>
/// In the loss it is L_hard = Σ MAC_l·N_w,l·N_a,l / Σ MAC_l over the layers with a learned width; for one pair of widths for the whole
/// network that is N_w · N_a, the published form.
/// </remarks>
public sealed class BitOpsCost : IHardwareCost
{
    /// <inheritdoc/>
    public string Name => "bit operations";

    /// <inheritdoc/>
    public string Unit => "BitOPs";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>Σ_l MAC_l · n_w,l · n_a,l over all layers, in bit operations for one sample.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(BitOps);
    }

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var macs = LearnedMacs(layers);
        return macs == 0 ? 0 : layers.Where(l => l.Layer.IsLearned).Sum(BitOps) / macs;
    }

    /// <summary>∂L_hard/∂N_w,l = MAC_l · n_a,l / Σ MAC, and likewise for activations.</summary>
    /// <param name="layers">The layers and their bits.</param>
    /// <param name="width">One of the layers' widths.</param>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        var macs = LearnedMacs(layers);
        var sum = 0.0;
        foreach (var (layer, weightBits, activationBits) in layers)
        {
            if (ReferenceEquals(layer.WeightBits, width))
            {
                sum += (double)layer.Macs * activationBits;
            }

            if (ReferenceEquals(layer.ActivationBits, width))
            {
                sum += (double)layer.Macs * weightBits;
            }
        }

        return macs == 0 ? 0 : sum / macs;
    }

    private static double BitOps(LayerBits l) => (double)l.Layer.Macs * l.WeightBits * l.ActivationBits;

    private static double LearnedMacs(IReadOnlyList<LayerBits> layers) =>
        layers.Where(l => l.Layer.IsLearned).Sum(l => (double)l.Layer.Macs);
}
