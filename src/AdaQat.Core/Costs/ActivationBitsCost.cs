using AdaQat.Costs;

namespace AdaQat;

/// <summary>Activation memory: Σ_l ActivationCount_l · n_a,l, the bits that the layers' inputs take for one sample.</summary>
/// <remarks>
/// In the loss it is L_hard = Σ ActivationCount_l·N_a,l / Σ ActivationCount_l over the layers with a learned activation width: the mean
/// width of an activation, in bits. An input that several layers read counts for each of them, as each reads it. Weights cost nothing here.
/// </remarks>
public sealed class ActivationBitsCost : IHardwareCost
{
    private static readonly MemoryCost Memory = new(l => l.ActivationCount, l => l.ActivationBits, l => l.ActivationBits);

    /// <inheritdoc/>
    public string Name => "layers' inputs";

    /// <inheritdoc/>
    public string Unit => "bits";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>Σ_l ActivationCount_l · n over all layers, in bits for one sample.</summary>
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

    /// <summary>∂L_hard/∂N_a: the share of the learned activations that the width serves; 0 for a weight width.</summary>
    /// <param name="layers">The layers and their bits.</param>
    /// <param name="width">One of the layers' widths.</param>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        return Memory.Derivative(layers, width);
    }
}
