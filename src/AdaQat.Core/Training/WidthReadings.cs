namespace AdaQat.Training;

/// <summary>Reads bit-widths out of a quantized model, step after step.</summary>
internal sealed class WidthReadings(QuantizedModel model)
{
    private readonly HashSet<BitWidth> _weights = Chosen(model, layer => layer.WeightBits);
    private readonly HashSet<BitWidth> _activations = Chosen(model, layer => layer.ActivationBits);

    public WidthReading After(BitWidthStep? step) => new(
        _weights.Average(width => width.Value),
        _activations.Average(width => width.Value),
        _weights.Average(width => (double)width.Bits),
        _activations.Average(width => (double)width.Bits),
        Difference(step, _weights),
        Difference(step, _activations),
        FrozenAtStep(_weights),
        FrozenAtStep(_activations));

    private static HashSet<BitWidth> Chosen(QuantizedModel model, Func<QuantizedLayer, BitWidth> width)
    {
        var all = model.Layers.Select(width).ToList();
        var learned = all.Where(candidate => candidate.IsLearned).ToList();
        var inner = all.Skip(1).SkipLast(1).ToList();
        var chosen = learned.Count > 0 ? learned : inner.Count > 0 ? inner : all;
        return chosen.ToHashSet<BitWidth>(ReferenceEqualityComparer.Instance);
    }

    private static double? Difference(BitWidthStep? step, HashSet<BitWidth> widths)
    {
        var differences = step?.Probes.Where(probe => widths.Contains(probe.Width)).Select(probe => probe.Difference).ToList();
        return differences is { Count: > 0 } ? differences.Average() : null;
    }

    private static long? FrozenAtStep(HashSet<BitWidth> widths) =>
        widths.All(width => width.FrozenAtStep is not null) ? widths.Max(width => width.FrozenAtStep) : null;
}
