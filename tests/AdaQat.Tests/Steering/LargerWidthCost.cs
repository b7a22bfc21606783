using AdaQat.Costs;

namespace AdaQat.Tests.Steering;

/// <summary>A user's own: a device that multiplies at the larger of the two widths. It stands still over many a bit, and counts in thousands.</summary>
internal sealed class LargerWidthCost : IHardwareCost
{
    public double Total(IReadOnlyList<LayerCost> layers) => layers.Sum(l => l.Macs / 1000.0 * Math.Max(l.WeightBits.Bits, l.ActivationBits.Bits));

    public double Loss(IReadOnlyList<LayerCost> layers) => Total(layers) / layers.Sum(l => l.Macs / 1000.0);

    public double Derivative(IReadOnlyList<LayerCost> layers, BitWidth width) =>
        layers.Where(l => (ReferenceEquals(l.WeightBits, width) && l.WeightBits.Bits >= l.ActivationBits.Bits)
            || (ReferenceEquals(l.ActivationBits, width) && l.ActivationBits.Bits >= l.WeightBits.Bits)).Sum(l => l.Macs / 1000.0)
        / layers.Sum(l => l.Macs / 1000.0);
}
