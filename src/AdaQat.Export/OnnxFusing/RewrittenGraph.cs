using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>The nodes of a graph as it is made anew from another one, with names and values that neither has.</summary>
internal sealed class RewrittenGraph(ModelGraph original)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private int _nextId = original.Nodes.SelectMany(node => node.Outputs).Max(value => value.Id) + 1;

    /// <summary>Whether a node is a layer whose input and weight are quantized.</summary>
    public static bool IsQuantizedLayer(ModelGraph graph, GraphNode node) =>
        node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator
        && node.Inputs.Take(2).All(value => graph.Producer(value).Operator is QuantizeOperator);

    public ModelGraph Build() => new(original.Name, _nodes);

    /// <summary>Says that nodes of the original are left out.</summary>
    public void Without(IEnumerable<GraphNode> nodes) => _gone.UnionWith(nodes.Select(node => node.Name));

    /// <summary>Adds a node of the original, if it is not left out.</summary>
    public void Keep(GraphNode node)
    {
        if (!_gone.Contains(node.Name))
        {
            _nodes.Add(node);
        }
    }

    public void Add(GraphNode node) => _nodes.Add(node);

    /// <summary>A constant, behind a quantizer if it has a grid.</summary>
    public GraphValue Constant(string name, GraphTensor numbers, string module, QuantizeOperator? grid = null)
    {
        var (constant, free) = (Value(numbers.Shape), Free(name));
        _nodes.Add(new(free, new ConstantOperator(numbers), [], [constant], module));
        if (grid is null)
        {
            return constant;
        }

        var value = Value(numbers.Shape);
        _nodes.Add(new($"{free}/grid", grid, [constant], [value], module));
        return value;
    }

    /// <summary>
    /// A quantized layer, its bias, if it has a known one, taken from what it makes, negated: a bias within the layer, or a sum behind it,
    /// ONNX Runtime rounds to the step of the sums, and a linear layer with one it makes a <c>Gemm</c>.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">Its weight; null for the one that it has.</param>
    public void AddWithBiasBehind(GraphNode layer, GraphValue? weight = null)
    {
        weight ??= layer.Inputs[1];
        if (layer.Inputs.Count < 3 || original.Constant(layer.Inputs[2]) is not { } bias)
        {
            Keep(layer with { Inputs = [layer.Inputs[0], weight, .. layer.Inputs.Skip(2)] });
            return;
        }

        var behind = layer.Operator is LinearOperator ? 0 : layer.Output.Shape.Rank - 2;
        var shape = new Shape([bias.Shape[0], .. Enumerable.Repeat(1L, behind)]);
        var negated = Constant(
            $"{layer.Name}.negated_bias", GraphTensor.Of(shape, Array.ConvertAll(bias.ToFloat64(), number => -number)), layer.Module);
        var product = Value(layer.Output.Shape);
        _nodes.Add(layer with { Inputs = [layer.Inputs[0], weight], Outputs = [product] });
        _nodes.Add(new(Free($"{layer.Name}.biased"), new SubtractOperator(), [product, negated], layer.Outputs, layer.Module));
    }

    /// <summary>A value that neither graph has.</summary>
    public GraphValue Value(Shape shape) => new(_nextId++, shape);

    /// <summary>A name that no node has: the wanted one, or one like it.</summary>
    public string Free(string name)
    {
        while (original.Nodes.Any(node => node.Name == name && !_gone.Contains(node.Name)) || _nodes.Any(node => node.Name == name))
        {
            name += "_fused";
        }

        return name;
    }
}
