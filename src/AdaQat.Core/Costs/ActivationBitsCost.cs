namespace AdaQat.Costs;

/// <summary>Activation memory: Σ_l ActivationCount_l · n_a,l, the bits that the layers' inputs take for one sample.</summary>
/// <remarks>
/// In the loss it is L_hard = Σ ActivationCount_l·N_a,l / Σ ActivationCount_l over the layers with a learned activation width: the mean
/// width of an activation, in bits. An input that several layers read counts for each of them, as each reads it. Weights cost nothing here.
/// </remarks>
public sealed class ActivationBitsCost : IHardwareCost
{
    /// <summary>Σ_l ActivationCount_l · n_a,l over all layers, in bits for one sample.</summary>
    public double Total(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(l => (double)l.ActivationCount * l.ActivationBits.Bits);
    }

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerCost> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var count = LearnedCount(layers);
        return count == 0
            ? 0
            : layers.Where(l => l.ActivationBits.IsLearned).Sum(l => (double)l.ActivationCount * l.ActivationBits.Bits) / count;
    }

    /// <summary>∂L_hard/∂N_a: the share of the learned activations that the width serves; 0 for a weight width.</summary>
    public double Derivative(IReadOnlyList<LayerCost> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        var count = LearnedCount(layers);
        return count == 0 ? 0 : layers.Where(l => ReferenceEquals(l.ActivationBits, width)).Sum(l => (double)l.ActivationCount) / count;
    }

    private static double LearnedCount(IReadOnlyList<LayerCost> layers) =>
        layers.Where(l => l.ActivationBits.IsLearned).Sum(l => (double)l.ActivationCount);
}
