using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A graph of the same network in which convolutions between quantizers are as programs compute them in integers: batch normalisation is
/// part of the weight's scales and of the bias, and the bias is an integer. What two quantizers read, a convolution or a sum,
/// is computed for each: in bytes that takes less than once in float32.
/// </summary>
internal sealed class FusableGraph
{
    private readonly ModelGraph _graph;
    private readonly RewrittenGraph _rewritten;
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, IReadOnlyList<CodeMove>> _moves;
    private readonly List<OnnxFusedLayer> _layers = [];

    // What a quantizer reads in the place of the value that it read.
    private readonly Dictionary<string, GraphValue> _copies = new(StringComparer.Ordinal);
    private readonly bool _assumesVnni;

    private FusableGraph(ModelGraph graph, bool assumesVnni)
    {
        (_graph, var moves) = SumsOfBytes.Of(LimitedGrids.Of(graph));
        (_rewritten, _moves, _assumesVnni) = (new(_graph), new(moves, StringComparer.Ordinal), assumesVnni);
    }

    /// <summary>
    /// The graph; a sentence for each quantized layer that is computed in float32, or that some processors saturate; how what each
    /// quantizer reads is moved, by channel or altogether; and the layers that are computed in bytes up to the next codes.
    /// </summary>
    public static (ModelGraph Graph, IReadOnlyList<string> Notes, IReadOnlyDictionary<string, IReadOnlyList<CodeMove>> Moves,
        IReadOnlyList<OnnxFusedLayer> Layers) Of(ModelGraph graph, bool assumesVnni = false)
    {
        var fusable = new FusableGraph(graph, assumesVnni);
        return (fusable.Run(), fusable._notes, fusable._moves, fusable._layers);
    }

    private ModelGraph Run()
    {
        var layers = _graph.Nodes.Where(node => RewrittenGraph.IsQuantizedLayer(_graph, node)).ToList();
        if (_assumesVnni)
        {
            _notes.AddRange(layers.Where(node => Saturation.IsPossible(_graph, node)).Select(node => Saturation.Note(_graph, node)));
        }

        var patterns = new Dictionary<string, FusedConvolution>(StringComparer.Ordinal);
        foreach (var node in layers.Where(node => node.Operator is not LinearOperator))
        {
            var (pattern, why) = FusedConvolution.Find(_graph, node);
            if (pattern is null)
            {
                _notes.Add($"Node '{node.Name}' is computed in float32: {why}");
                continue;
            }

            patterns[node.Name] = pattern;
            _rewritten.Without(pattern.Replaced);
        }

        foreach (var node in _graph.Nodes)
        {
            if (patterns.TryGetValue(node.Name, out var pattern))
            {
                Write(pattern);
            }
            else if (RewrittenGraph.IsQuantizedLayer(_graph, node))
            {
                _rewritten.AddWithBiasBehind(node, Weight(node));
            }
            else
            {
                _rewritten.Keep(_copies.TryGetValue(node.Name, out var copy) ? node with { Inputs = [copy] } : node);
            }
        }

        return _rewritten.Build();
    }

    private void Write(FusedConvolution pattern)
    {
        var layer = pattern.Layer;
        _layers.Add(pattern.Exactness);
        foreach (var (step, i) in pattern.Steps.Select((step, i) => (step, i)))
        {
            var (numbers, grid) = !_assumesVnni && Saturation.IsPossible(_graph, layer)
                ? Saturation.Unsigned(step.WeightGrid, step.Weight) : (step.Weight, step.WeightGrid);
            var weight = _rewritten.Constant(pattern.WeightName, numbers, layer.Module, grid);
            var bias = _rewritten.Constant(pattern.BiasName, step.Bias, layer.Module, step.BiasGrid);
            var value = i == 0 ? pattern.Result.Output : _copies[step.Quantizer.Name] = _rewritten.Value(pattern.Result.Output.Shape);
            _rewritten.Add(layer with
            {
                Name = i == 0 ? layer.Name : _rewritten.Free($"{layer.Name}.again"),
                Inputs = [layer.Inputs[0], weight, bias],
                Outputs = [value],
            });
            _moves.Add(step.Quantizer.Name, step.Moves);
        }
    }

    /// <summary>The weight of a layer that is not one step: its own, or in unsigned bytes.</summary>
    private GraphValue Weight(GraphNode layer)
    {
        var quantizer = _graph.Producer(layer.Inputs[1]);
        if (_assumesVnni || !Saturation.IsPossible(_graph, layer) || _graph.Constant(quantizer.Inputs[0]) is not { } weight)
        {
            return layer.Inputs[1];
        }

        var (numbers, grid) = Saturation.Unsigned((QuantizeOperator)quantizer.Operator, weight);
        return _rewritten.Constant(_graph.Producer(quantizer.Inputs[0]).Name, numbers, layer.Module, grid);
    }
}
