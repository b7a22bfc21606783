using System.Globalization;
using AdaQat.Costs;

namespace AdaQat.Steering;

/// <summary>A cost that a run must end at or just under.</summary>
/// <param name="Name">The option that set it.</param>
/// <param name="Value">In the unit of <see cref="IHardwareCost.Total"/>.</param>
internal sealed record CostTarget(string Name, double Value)
{
    /// <summary>Refuses a target that no widths, or all, would meet.</summary>
    public void RequireWithin(IHardwareCost cost, IReadOnlyList<LayerProfile> layers, IReadOnlyList<BitWidth> widths)
    {
        var at = new CostOfBits(cost, layers, widths);
        var least = at.Total([.. widths.Select(w => w.Minimum)]);
        var most = at.Total([.. widths.Select(w => w.Maximum)]);
        if (!double.IsFinite(least) || !double.IsFinite(most))
        {
            throw new ArgumentException(
                $"{cost.GetType().Name} says that the network costs {Text(least)} at its smallest widths and {Text(most)} at its "
                + "largest; a target needs finite costs.", Name);
        }

        if (!(Value >= least && Value <= most))
        {
            throw new ArgumentOutOfRangeException(
                Name, Value,
                    $"{Name} is {Text(Value)}; the network costs {Text(least)} with all widths at their minimum and {Text(most)} at "
                    + $"their maximum: allowed are {Text(least)} to {Text(most)}.");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
