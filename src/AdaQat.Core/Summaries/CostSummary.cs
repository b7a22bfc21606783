namespace AdaQat;

/// <summary>What a model costs by one <see cref="IHardwareCost"/>, for one sample, at the bits in force.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Unit">The unit; empty where the cost does not say.</param>
/// <param name="Total">The cost of the model.</param>
/// <param name="Layers">
/// What each layer adds to it, by name; empty where the cost is no sum over layers. What no layer's bits change is in the total alone.
/// </param>
public sealed record CostSummary(string Name, string Unit, double Total, IReadOnlyDictionary<string, double> Layers)
{
    internal static CostSummary Of(IHardwareCost cost, IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(cost);
        var parts = new Dictionary<string, double>();
        if (cost.IsSumOverLayers)
        {
            var constant = cost.Total([]);
            foreach (var layer in layers)
            {
                parts.Add(layer.Layer.Name, cost.Total([layer]) - constant);
            }
        }

        return new CostSummary(cost.Name, cost.Unit, cost.Total(layers), parts);
    }
}
