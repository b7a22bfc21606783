using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A graph of the same network in which each sum of two quantized values, as residual connections have where their operands are
/// quantized, stands between quantizers, one sum for each of the quantizers that read it: so ONNX Runtime adds bytes.
/// </summary>
internal sealed class SumsOfBytes
{
    private readonly ModelGraph _graph;
    private readonly RewrittenGraph _rewritten;

    // A quantizer before a sum that only says that what is moved about is on its grid still.
    private readonly Dictionary<int, GraphValue> _again = [];
    private readonly Dictionary<string, IReadOnlyList<CodeMove>> _moves = new(StringComparer.Ordinal);

    private SumsOfBytes(ModelGraph graph) => (_graph, _rewritten) = (graph, new(graph));

    /// <summary>
    /// The graph; and by how much adding in 32 bits may move, at most, what each quantizer behind a sum reads: bytes are added with their
    /// zero points, which takes as much as those are of the digits.
    /// </summary>
    public static (ModelGraph Graph, IReadOnlyDictionary<string, IReadOnlyList<CodeMove>> Moves) Of(ModelGraph graph)
    {
        var sums = new SumsOfBytes(graph);
        foreach (var node in graph.Nodes)
        {
            sums.Add(node);
        }

        return (sums._rewritten.Build(), sums._moves);
    }

    private void Add(GraphNode node)
    {
        if (node.Operator is QuantizeOperator quantizer && Fits(quantizer) && _graph.Producer(node.Inputs[0]) is var sum
            && Operands(sum) is { } operands)
        {
            var isFirst = _graph.Consumers(sum.Output)[0].Name == node.Name;
            var value = isFirst ? sum.Output : _rewritten.Value(sum.Output.Shape);
            var inputs = sum.Inputs.Zip(operands, (input, grid) => OnGrid(input, grid, sum.Module)).ToList();
            _rewritten.Add(sum with
            {
                Name = isFirst ? sum.Name : _rewritten.Free($"{sum.Name}.again"),
                Inputs = [.. inputs],
                Outputs = [value],
            });
            _rewritten.Add(node with { Inputs = [value] });
            _moves.Add(node.Name, [CodeMove.None with { Rounding = operands.Sum(ZeroPoint) / (1 << 20) }]);
        }
        else if (Operands(node) is null)
        {
            _rewritten.Keep(node);
        }
    }

    /// <summary>The grids of a sum's operands; null where it is none of bytes, or not only quantizers read it.</summary>
    private QuantizeOperator[]? Operands(GraphNode sum)
    {
        if (sum.Operator is not AddOperator || sum.Inputs.Any(input => !input.Shape.Equals(sum.Output.Shape))
            || _graph.Consumers(sum.Output) is not { Count: > 0 } readers
            || !readers.All(reader => reader.Operator is QuantizeOperator quantizer && Fits(quantizer)))
        {
            return null;
        }

        QuantizeOperator[] grids = [.. sum.Inputs.Select(GridOf).OfType<QuantizeOperator>()];
        return grids.Length == sum.Inputs.Count ? grids : null;
    }

    /// <summary>The grid that a value is on, though it may have been moved about since it was quantized.</summary>
    private QuantizeOperator? GridOf(GraphValue value)
    {
        var node = _graph.Producer(value);
        var padded = false;
        while (node.Operator is SliceOperator or PermuteOperator or ReshapeOperator or PadOperator { Mode: PadMode.Constant, Value: 0 })
        {
            padded |= node.Operator is PadOperator;
            node = _graph.Producer(node.Inputs[0]);
        }

        return node.Operator is QuantizeOperator grid && Fits(grid) && _graph.Constant(node.Inputs[0]) is null
            && (!padded || (grid.LowestCode + grid.Offsets[0] <= 0 && grid.HighestCode + grid.Offsets[0] >= 0)) ? grid : null;
    }

    private GraphValue OnGrid(GraphValue value, QuantizeOperator grid, string module)
    {
        var node = _graph.Producer(value);
        if (node.Operator is QuantizeOperator)
        {
            return value;
        }

        if (!_again.TryGetValue(value.Id, out var again))
        {
            again = _again[value.Id] = _rewritten.Value(value.Shape);
            _rewritten.Add(new(_rewritten.Free($"{node.Name}.grid"), grid, [value], [again], module));
        }

        return again;
    }

    private static bool Fits(QuantizeOperator grid) => grid.Axis is null && ByteQuantizer.Fits(grid);

    /// <summary>The number that a grid's zero point stands for.</summary>
    private static double ZeroPoint(QuantizeOperator grid) => grid.Scales[0] * (ByteQuantizer.Shift(grid) - grid.Offsets[0]);
}
