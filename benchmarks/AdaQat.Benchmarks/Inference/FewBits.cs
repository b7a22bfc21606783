using AdaQat.Graph;

namespace AdaQat.Benchmarks.Inference;

/// <summary>
/// A network in float with quantizers where a trained one of few bits has them: before each layer and behind its weight, and at sums, of
/// which both operands have one step. The first and the last layer have 8 bits. Ranges are what a few images reach.
/// </summary>
internal sealed class FewBits
{
    private readonly ModelGraph _graph;
    private readonly GraphRun _seen;
    private readonly int _bits;
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<int, (GraphValue Value, QuantizeOperator Grid)> _quantized = [];
    private readonly HashSet<string> _eightBits;
    private int _nextId;

    private FewBits(ModelGraph graph, GraphTensor images, int bits)
    {
        (_graph, _bits) = (graph, bits);
        _seen = new GraphInterpreter(graph).RunAll(images);
        _nextId = graph.Nodes.SelectMany(node => node.Outputs).Max(value => value.Id) + 1;
        string[] layers = [.. graph.Nodes.Where(node => node.Operator is ConvolutionOperator or LinearOperator).Select(node => node.Name)];
        _eightBits = [layers[0], layers[^1]];
    }

    /// <summary>The graph with quantizers.</summary>
    /// <param name="graph">The network in float.</param>
    /// <param name="images">What ranges are taken from.</param>
    /// <param name="bits">The width of weights and activations, 2 to 8.</param>
    public static ModelGraph Of(ModelGraph graph, GraphTensor images, int bits)
    {
        var rewritten = new FewBits(graph, images, bits);
        foreach (var node in graph.Nodes)
        {
            rewritten.Add(node);
        }

        return new(graph.Name, rewritten._nodes);
    }

    private void Add(GraphNode node)
    {
        EquatableList<GraphValue> inputs = node.Operator switch
        {
            ConvolutionOperator or LinearOperator => Layer(node),
            AddOperator => Sum(node),
            ReduceOperator or AveragePoolOperator or AdaptivePoolOperator => [Quantized(node.Inputs[0], _bits)],
            SliceOperator or PadOperator when _quantized.TryGetValue(node.Inputs[0].Id, out var known) =>
                [known.Value, .. node.Inputs.Skip(1)],
            _ => node.Inputs,
        };
        _nodes.Add(node with { Inputs = inputs });
        if (node.Operator is SliceOperator or PadOperator && _quantized.TryGetValue(node.Inputs[0].Id, out var before))
        {
            // On the grid already; the program that the file is for wants to see it.
            _quantized[node.Output.Id] = (Behind(node.Output, before.Grid, $"{node.Name}/grid"), before.Grid);
        }
    }

    private EquatableList<GraphValue> Layer(GraphNode node)
    {
        var bits = _eightBits.Contains(node.Name) ? 8 : _bits;
        return [Quantized(node.Inputs[0], bits), Weight(node.Inputs[1], bits), .. node.Inputs.Skip(2)];
    }

    /// <summary>One operand has a grid, and the other takes its step, with a sign.</summary>
    private EquatableList<GraphValue> Sum(GraphNode node)
    {
        var kept = _quantized.ContainsKey(node.Inputs[1].Id) ? 1 : 0;
        var other = node.Inputs[1 - kept];
        var first = Quantized(node.Inputs[kept], _bits);
        if (!_quantized.TryGetValue(other.Id, out var second))
        {
            var half = 1 << (_bits - 1);
            var grid = new QuantizeOperator(_quantized[node.Inputs[kept].Id].Grid.Scales[0], 0, -half, half - 1);
            second = (Behind(other, grid, $"{node.Name}/branch"), grid);
            _quantized.Add(other.Id, second);
        }

        return kept == 0 ? [first, second.Value] : [second.Value, first];
    }

    private GraphValue Quantized(GraphValue value, int bits)
    {
        if (_quantized.TryGetValue(value.Id, out var known))
        {
            return known.Value;
        }

        var numbers = _seen[value].ToFloat64();
        var (least, most) = (numbers.Min(), Math.Max(1e-3, numbers.Max(Math.Abs)));
        var half = (1 << (bits - 1)) - 1;
        var grid = least < 0 ? new QuantizeOperator(most / half, 0, -half, half)
            : new QuantizeOperator(most / ((1 << bits) - 1), 0, 0, (1 << bits) - 1);
        var quantized = Behind(value, grid, $"{_graph.Producer(value).Name}/quantized");
        _quantized.Add(value.Id, (quantized, grid));
        return quantized;
    }

    /// <summary>DoReFa's grid, and at 8 bits one around zero, which other programs hold in bytes too.</summary>
    private GraphValue Weight(GraphValue value, int bits)
    {
        var most = _graph.Constant(value)!.ToFloat64().Max(Math.Abs);
        var steps = (1 << bits) - 1;
        var grid = bits == 8 ? new QuantizeOperator(most / 127, 0, -127, 127)
            : new QuantizeOperator(2 * most / steps, -steps / 2.0, 0, steps);
        return Behind(value, grid, $"{_graph.Producer(value).Name}/quantized");
    }

    private GraphValue Behind(GraphValue value, QuantizeOperator grid, string name)
    {
        var quantized = new GraphValue(_nextId++, value.Shape);
        _nodes.Add(new(name, grid, [value], [quantized]));
        return quantized;
    }
}
