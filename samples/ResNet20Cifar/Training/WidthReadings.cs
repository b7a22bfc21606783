using AdaQat;
using ResNet20Cifar.Output;

namespace ResNet20Cifar.Training;

/// <summary>
/// Reads bit-widths out of a quantized model: of the layers between first and last, whose widths are the choice of the run.
/// </summary>
internal sealed class WidthReadings
{
    private readonly HashSet<BitWidth> _weights;
    private readonly HashSet<BitWidth> _activations;

    public WidthReadings(QuantizedModel model)
    {
        _weights = Inner(model, layer => layer.WeightBits);
        _activations = Inner(model, layer => layer.ActivationBits);
    }

    public WidthReading Now() => new(
        _weights.Average(width => width.Value),
        _activations.Average(width => width.Value),
        _weights.Average(width => (double)width.Bits),
        _activations.Average(width => (double)width.Bits));

    /// <summary>The mean finite difference in weight widths that a step probed; null where it probed none.</summary>
    public double? WeightDifference(BitWidthStep? step) => Difference(step, _weights);

    /// <summary>The same for activations.</summary>
    public double? ActivationDifference(BitWidthStep? step) => Difference(step, _activations);

    /// <summary>The step that froze the last weight width; null where one is not frozen, or none was learned.</summary>
    public long? WeightFrozenAtStep() => FrozenAtStep(_weights);

    /// <summary>The same for activations.</summary>
    public long? ActivationFrozenAtStep() => FrozenAtStep(_activations);

    private static HashSet<BitWidth> Inner(QuantizedModel model, Func<QuantizedLayer, BitWidth> width)
    {
        var learned = model.Layers.Select(width).Where(candidate => candidate.IsLearned).ToList();
        var chosen = learned.Count > 0 ? learned : model.Layers.Skip(1).SkipLast(1).Select(width);
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
