using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A graph of the same network in which convolutions between quantizers are as programs compute them in integers: batch normalisation is
/// part of the weight's scales and of the bias, and the bias has the accumulator's scale.
/// </summary>
internal sealed class FusableGraph
{
    private readonly ModelGraph _graph;
    private readonly List<GraphNode> _nodes = [];
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private int _nextId;

    private FusableGraph(ModelGraph graph)
    {
        _graph = graph;
        _nextId = graph.Nodes.SelectMany(node => node.Outputs).Max(value => value.Id) + 1;
    }

    /// <summary>The graph, and a sentence for each quantized layer that is computed in float32, or that some processors saturate.</summary>
    public static (ModelGraph Graph, IReadOnlyList<string> Notes) Of(ModelGraph graph)
    {
        var fusable = new FusableGraph(graph);
        return (fusable.Run(), fusable._notes);
    }

    private ModelGraph Run()
    {
        foreach (var node in _graph.Nodes.Where(IsQuantizedLayer))
        {
            FusionNotes.Saturation(_graph, node, _notes);
        }

        var patterns = new Dictionary<string, FusedConvolution>(StringComparer.Ordinal);
        foreach (var node in _graph.Nodes.Where(node => IsQuantizedLayer(node) && node.Operator is not LinearOperator))
        {
            var (pattern, why) = FusedConvolution.Find(_graph, node);
            if (pattern is null)
            {
                _notes.Add($"Node '{node.Name}' is computed in float32: {why}");
                continue;
            }

            patterns[node.Name] = pattern;
            _gone.UnionWith(pattern.Replaced.Select(replaced => replaced.Name));
        }

        foreach (var node in _graph.Nodes)
        {
            if (patterns.TryGetValue(node.Name, out var pattern))
            {
                Write(pattern);
            }
            else if (node.Operator is LinearOperator && IsQuantizedLayer(node) && node.Inputs.Count == 3
                && _graph.Constant(node.Inputs[2]) is { } bias)
            {
                WriteLinear(node, bias);
            }
            else if (!_gone.Contains(node.Name))
            {
                _nodes.Add(node);
            }
        }

        return new(_graph.Name, _nodes);
    }

    private bool IsQuantizedLayer(GraphNode node) =>
        node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator
        && node.Inputs.Take(2).All(value => _graph.Producer(value).Operator is QuantizeOperator);

    private void Write(FusedConvolution pattern)
    {
        var layer = pattern.Layer;
        var weight = Quantized(pattern.WeightName, pattern.Weight, pattern.WeightGrid, layer.Module);
        var bias = Quantized(pattern.BiasName, pattern.Bias, pattern.BiasGrid, layer.Module);
        _nodes.Add(layer with { Inputs = [layer.Inputs[0], weight, bias], Outputs = pattern.Result.Outputs });
    }

    /// <summary>
    /// A product of bytes, from which the negated bias is taken: of a product and a sum ONNX Runtime makes a <c>Gemm</c>, which it computes
    /// in float32.
    /// </summary>
    private void WriteLinear(GraphNode layer, GraphTensor bias)
    {
        var (product, negated) = (new GraphValue(_nextId++, layer.Output.Shape), new GraphValue(_nextId++, bias.Shape));
        var numbers = Array.ConvertAll(bias.ToFloat64(), number => -number);
        _nodes.Add(layer with { Inputs = [layer.Inputs[0], layer.Inputs[1]], Outputs = [product] });
        _nodes.Add(new(
            Free($"{layer.Name}.negated_bias"), new ConstantOperator(GraphTensor.Of(bias.Shape, numbers)), [], [negated], layer.Module));
        _nodes.Add(new(Free($"{layer.Name}.biased"), new SubtractOperator(), [product, negated], layer.Outputs, layer.Module));
    }

    private string Free(string name)
    {
        while (_graph.Nodes.Any(node => node.Name == name && !_gone.Contains(node.Name)) || _nodes.Any(node => node.Name == name))
        {
            name += "_fused";
        }

        return name;
    }

    private GraphValue Quantized(string name, GraphTensor numbers, QuantizeOperator grid, string module)
    {
        var (constant, value) = (new GraphValue(_nextId++, numbers.Shape), new GraphValue(_nextId++, numbers.Shape));
        var free = Free(name);
        _nodes.Add(new(free, new ConstantOperator(numbers), [], [constant], module));
        _nodes.Add(new($"{free}/grid", grid, [constant], [value], module));
        return value;
    }
}
