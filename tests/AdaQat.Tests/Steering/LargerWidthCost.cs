namespace AdaQat.Tests.Steering;

/// <summary>
/// A user's own: a device that multiplies at the larger of the two widths. It stands still over many a bit, and counts in thousands.
/// </summary>
internal sealed class LargerWidthCost : IHardwareCost
{
    public double Total(IReadOnlyList<LayerBits> layers) => layers.Sum(l => Macs(l) * Math.Max(l.WeightBits, l.ActivationBits));

    public double Loss(IReadOnlyList<LayerBits> layers) => Total(layers) / layers.Sum(Macs);

    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) =>
        layers.Where(l => (ReferenceEquals(l.Layer.WeightBits, width) && l.WeightBits >= l.ActivationBits)
            || (ReferenceEquals(l.Layer.ActivationBits, width) && l.ActivationBits >= l.WeightBits)).Sum(Macs) / layers.Sum(Macs);

    private static double Macs(LayerBits l) => l.Layer.Macs / 1000.0;
}
