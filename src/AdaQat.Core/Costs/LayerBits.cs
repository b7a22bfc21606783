namespace AdaQat;

/// <summary>A layer and the bits that its cost is asked at, in force or not.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="WeightBits">n_w.</param>
/// <param name="ActivationBits">n_a.</param>
public readonly record struct LayerBits(LayerProfile Layer, int WeightBits, int ActivationBits)
{
    /// <summary>The layers at the bits that their widths have now.</summary>
    /// <param name="layers">The layers.</param>
    public static IReadOnlyList<LayerBits> InForce(IReadOnlyList<LayerProfile> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Select(l => new LayerBits(l, l.WeightBits.Bits, l.ActivationBits.Bits)).ToList();
    }
}
