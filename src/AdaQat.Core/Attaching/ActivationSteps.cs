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
    /// <param name="joins">The residual sums whose operands are quantized.</param>
    /// <param name="batchSize">How many samples the example has; null counts it as one.</param>
    public static (PeakActivationCost Peak, MemoryTrafficCost Traffic)? Of(
        GraphSketch sketch, IReadOnlyList<QuantizedLayer> layers, IReadOnlyList<QuantizedJoin> joins, long? batchSize)
    {
        if (sketch.Fault is not null)
        {
            return null;
        }

        var operands = Operands(layers, joins);
        var grids = new ModelGrids(StandIns(layers), operands.ToDictionary(operand => operand.Boundary, operand => operand.Grid));
        var graph = sketch.Graph(grids);
        var operandBits = operands.DistinctBy(operand => operand.Grid).ToDictionary(operand => operand.Grid, operand => operand.Bits);
        var lifetimes = ActivationLifetimes.Of(graph, fuses: true);
        double samples = Math.Max(1, batchSize ?? 1);
        var inFloat = ActivationLifetimes.Of(sketch.Graph(ModelGrids.None), fuses: true).Peak(_ => BitWidth.FloatBits);
        List<LiveActivation> activations = [.. lifetimes.Lifetimes.Select(lifetime =>
        {
            var operand = OperandBits(graph.Producer(lifetime.Value));
            return new LiveActivation(
                lifetime.Value.Shape.ElementCount / samples,
                operand is null && graph.Producer(lifetime.Value) is { Operator: QuantizeOperator, Module: var layer } ? layer : null,
                operand ?? BitWidth.FloatBits,
                lifetime.Born,
                lifetime.LastUsed,
                Moves(graph, lifetime));
        })];
        return (
            new PeakActivationCost([.. lifetimes.Steps.Select(step => step.Name)], activations, inFloat.Amount / samples),
            new MemoryTrafficCost(activations));

        // What moves, chooses or clamps an operand's codes on their way to the sum leaves them codes.
        int? OperandBits(GraphNode maker) => maker.Operator switch
        {
            QuantizeOperator grid => operandBits.TryGetValue(grid, out var bits) ? bits : null,
            ReluOperator or MaxPoolOperator or SliceOperator or SplitOperator or PermuteOperator or ReshapeOperator
                or PadOperator { Mode: PadMode.Constant, Value: 0 } => OperandBits(graph.Producer(maker.Inputs[0])),
            _ => null,
        };
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

    /// <summary>Where operands of residual sums are quantized, and a grid for each sum, which no layer has.</summary>
    private static List<(ModuleBoundary Boundary, QuantizeOperator Grid, int Bits)> Operands(
        IReadOnlyList<QuantizedLayer> layers, IReadOnlyList<QuantizedJoin> joins) =>
    [
        .. joins.SelectMany((join, i) => join.Attached.Join.Boundaries.Select(
            boundary => (boundary, new QuantizeOperator(layers.Count + i + 1, 0, 0, 1), join.Bits.Bits))),
    ];

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
