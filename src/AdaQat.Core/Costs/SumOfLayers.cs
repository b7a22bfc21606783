namespace AdaQat.Costs;

/// <summary>
/// A cost that is the sum of what each layer costs at its two widths, whatever that follows from: its total, its normalised form and
/// derivative.
/// </summary>
/// <remarks>
/// Between the widths that are allowed the cost is linear, so that its derivative is the slope towards the next lower one; at the minimum,
/// which has none, towards the next higher. That is what the task loss's finite difference is of, too.
/// </remarks>
/// <param name="cost">What a layer costs, not falling with more bits.</param>
/// <param name="isLearned">Whether a layer is of those that the normalised form counts.</param>
/// <param name="reference">What a layer of these costs where the normalised form is <paramref name="level"/>, above 0.</param>
/// <param name="level">The normalised form at the reference.</param>
internal sealed class SumOfLayers(
    Func<LayerBits, double> cost, Func<LayerProfile, bool> isLearned, Func<LayerProfile, double> reference, double level = 1)
{
    /// <summary>The sum over all layers.</summary>
    public double Total(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Sum(cost);
    }

    /// <summary>The sum over the learned layers, normalised; 0 where there is none.</summary>
    public double Loss(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Where(l => isLearned(l.Layer)).Sum(cost) * Factor(layers);
    }

    /// <summary>The slope of the normalised form.</summary>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        var sum = 0.0;
        foreach (var layer in layers.Where(l => isLearned(l.Layer)))
        {
            if (ReferenceEquals(layer.Layer.WeightBits, width))
            {
                sum += Slope(width, layer.WeightBits, bits => cost(layer with { WeightBits = bits }));
            }

            if (ReferenceEquals(layer.Layer.ActivationBits, width))
            {
                sum += Slope(width, layer.ActivationBits, bits => cost(layer with { ActivationBits = bits }));
            }
        }

        return sum * Factor(layers);
    }

    private static double Slope(BitWidth width, int bits, Func<int, double> at) =>
        (width.Below(bits) ?? width.Above(bits)) is { } other ? (at(bits) - at(other)) / (bits - other) : 0;

    private double Factor(IReadOnlyList<LayerBits> layers)
    {
        var sum = layers.Where(l => isLearned(l.Layer)).Sum(l => reference(l.Layer));
        return sum == 0 ? 0 : level / sum;
    }
}
