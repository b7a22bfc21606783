namespace AdaQat.Costs;

/// <summary>
/// Bit operations: BitOPs = Σ_l MAC_l · n_w,l · n_a,l, the cost of AdaQAT (section III-C).
/// </summary>
/// <remarks>
/// In the loss it is L_hard = Σ MAC_l·N_w,l·N_a,l / Σ MAC_l over the layers with a learned width; for one pair of widths for the whole
/// network that is N_w · N_a, the published form.
/// </remarks>
public sealed class BitOpsCost : IHardwareCost
{
    /// <summary>Σ_l MAC_l · n_w,l · n_a,l over all layers, in bit operations for one sample.</summary>
    public double Total(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(l => (double)l.Macs * l.WeightBits.Bits * l.ActivationBits.Bits);
    }

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var macs = LearnedMacs(layers);
        return macs == 0 ? 0 : layers.Where(l => l.IsLearned).Sum(l => (double)l.Macs * l.WeightBits.Bits * l.ActivationBits.Bits) / macs;
    }

    /// <summary>∂L_hard/∂N_w,l = MAC_l · n_a,l / Σ MAC, and likewise for activations.</summary>
    public double Derivative(IReadOnlyList<LayerCost> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        var macs = LearnedMacs(layers);
        var sum = 0.0;
        foreach (var layer in layers)
        {
            if (ReferenceEquals(layer.WeightBits, width))
            {
                sum += (double)layer.Macs * layer.ActivationBits.Bits;
            }

            if (ReferenceEquals(layer.ActivationBits, width))
            {
                sum += (double)layer.Macs * layer.WeightBits.Bits;
            }
        }

        return macs == 0 ? 0 : sum / macs;
    }

    private static double LearnedMacs(IReadOnlyList<LayerCost> layers) => layers.Where(l => l.IsLearned).Sum(l => (double)l.Macs);
}
