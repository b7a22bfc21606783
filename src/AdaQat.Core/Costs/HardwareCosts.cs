namespace AdaQat.Costs;

/// <summary>Profiles at the bits in force.</summary>
internal static class HardwareCosts
{
    /// <summary>The cost at the bits that the layers' widths have now.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="layers">The layers, such as <see cref="QuantizedModel.Profiles"/>.</param>
    public static double Total(this IHardwareCost cost, IReadOnlyList<LayerProfile> layers)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return cost.Total(LayerBits.InForce(layers));
    }

    /// <summary>L_hard at the bits that the layers' widths have now.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="layers">The layers, such as <see cref="QuantizedModel.Profiles"/>.</param>
    public static double Loss(this IHardwareCost cost, IReadOnlyList<LayerProfile> layers)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return cost.Loss(LayerBits.InForce(layers));
    }

    /// <summary>∂L_hard/∂N at the bits that the layers' widths have now.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="layers">The layers, such as <see cref="QuantizedModel.Profiles"/>.</param>
    /// <param name="width">One of the layers' widths.</param>
    public static double Derivative(this IHardwareCost cost, IReadOnlyList<LayerProfile> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return cost.Derivative(LayerBits.InForce(layers), width);
    }
}
