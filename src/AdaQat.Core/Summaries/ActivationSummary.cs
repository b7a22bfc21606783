namespace AdaQat.Summaries;

/// <summary>What activations take at most at once, for one sample.</summary>
/// <param name="Bytes">In bytes; null where it is not known.</param>
/// <param name="FloatBytes">The same as float32.</param>
/// <param name="Step">The node of the graph that is computed then.</param>
/// <param name="Fault">Why it is not known.</param>
internal sealed record ActivationSummary(double? Bytes, double? FloatBytes, string? Step, string? Fault)
{
    public static ActivationSummary Of(PeakActivationCost cost, IReadOnlyList<LayerBits> layers) =>
        new(cost.Total(layers) / 8, cost.FloatBits / 8, cost.FullestStep(layers), Fault: null);

    public static ActivationSummary Unknown(string fault) => new(Bytes: null, FloatBytes: null, Step: null, fault);
}
