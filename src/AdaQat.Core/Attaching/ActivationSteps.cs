using AdaQat.Capture;
using AdaQat.Costs;
using AdaQat.Graph;
using AdaQat.Lowering;

namespace AdaQat.Attaching;

/// <summary>
/// Reads off a model's graph when each activation is made and last needed, how often it is read, and as which layer's input it is stored.
/// </summary>
internal static class ActivationSteps
{
    /// <summary>The costs that know; null where there is no graph, or none that computes anything.</summary>
    /// <param name="sketch">The graph, if there is one.</param>
    /// <param name="layers">The quantized layers.</param>
    /// <param name="batchSize">How many samples the example has; null counts it as one.</param>
    public static (PeakActivationCost Peak, MemoryTrafficCost Traffic)? Of(
        GraphSketch sketch, IReadOnlyList<QuantizedLayer> layers, long? batchSize)
    {
        if (sketch.Fault is not null)
        {
            return null;
        }

        var graph = sketch.Graph(StandIns(layers));
        var lifetimes = ActivationLifetimes.Of(graph, fuses: true);
        double samples = Math.Max(1, batchSize ?? 1);
        var inFloat = ActivationLifetimes.Of(sketch.Graph(new Dictionary<string, LayerGrids>()), fuses: true).Peak(_ => BitWidth.FloatBits);
        List<LiveActivation> activations = [.. lifetimes.Lifetimes.Select(lifetime => new LiveActivation(
            lifetime.Value.Shape.ElementCount / samples,
            graph.Producer(lifetime.Value) is { Operator: QuantizeOperator, Module: var layer } ? layer : null,
            lifetime.Born,
            lifetime.LastUsed,
            Moves(graph, lifetime)))];
        return (
            new PeakActivationCost([.. lifetimes.Steps.Select(step => step.Name)], activations, inFloat.Amount / samples),
            new MemoryTrafficCost(activations));
    }

    /// <summary>What shares a memory is stored once; an input of the graph is in memory already.</summary>
    private static int Moves(ModelGraph graph, ValueLifetime lifetime)
    {
        var shared = lifetime.Sharing.Append(lifetime.Value).ToList();
        var ids = shared.Select(value => value.Id).ToHashSet();
        var readers = shared.SelectMany(graph.Consumers).Distinct<GraphNode>(ReferenceEqualityComparer.Instance)
            .Count(node => node.Operator is not OutputOperator && !node.Outputs.Any(output => ids.Contains(output.Id)));
        return readers + (shared.Exists(value => graph.Producer(value).Operator is InputOperator) ? 0 : 1);
    }

    /// <summary>A grid for each quantized input, equal where layers share it, so that the graph has its quantizer in one place.</summary>
    private static Dictionary<string, LayerGrids> StandIns(IReadOnlyList<QuantizedLayer> layers)
    {
        var grids = new Dictionary<SharedInput, QuantizeOperator>(ReferenceEqualityComparer.Instance);
        foreach (var input in layers.Select(layer => layer.Input).Where(input => !input.Quantizer.Width.IsUnquantized))
        {
            grids.TryAdd(input, new QuantizeOperator(grids.Count + 1, 0, 0, 1));
        }

        return layers.ToDictionary(
            layer => layer.Name, layer => new LayerGrids("", Weight: null, WeightGrid: null, grids.GetValueOrDefault(layer.Input)));
    }
}
