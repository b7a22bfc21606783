using AdaQat.Graph;

namespace AdaQat.Search.Spaces;

/// <summary>What a network's graph says of its layers' outputs: which must agree in their channels, and which cannot vary.</summary>
internal sealed class OutputJoins
{
    private readonly List<(IReadOnlyList<string> Layers, string Where)> _sets = [];
    private readonly Dictionary<string, string> _unfit = new(StringComparer.Ordinal);

    /// <param name="graph">The network's graph.</param>
    public OutputJoins(ModelGraph graph)
    {
        foreach (var join in GraphJoins.Of(graph, JoinKind.Elementwise | JoinKind.Depthwise))
        {
            NoteSum(join);
        }

        foreach (var join in GraphJoins.Of(graph, JoinKind.Concat))
        {
            foreach (var layer in join.Layers)
            {
                _unfit.TryAdd(layer.Module, $"its output is put beside others in '{join.Node.Name}', and a part of it cannot be left out");
            }
        }

        foreach (var layer in LayersBefore(graph.Outputs.Select(output => output), graph))
        {
            _unfit.TryAdd(layer.Module, "its output is the network's");
        }
    }

    /// <summary>Layers whose outputs meet, by their modules' names, and the node in which they do.</summary>
    public IReadOnlyList<(IReadOnlyList<string> Layers, string Where)> Sets => _sets;

    /// <summary>Why the outputs of some layers cannot vary, by their modules' names.</summary>
    public IReadOnlyDictionary<string, string> Unfit => _unfit;

    /// <summary>Whether a node is a layer with weights of its own.</summary>
    public static bool IsLayer(GraphNode node) =>
        node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator;

    private static IEnumerable<GraphNode> LayersBefore(IEnumerable<GraphNode> outputs, ModelGraph graph)
    {
        var open = new Stack<GraphValue>(outputs.SelectMany(output => output.Inputs));
        var seen = new HashSet<int>();
        while (open.TryPop(out var value))
        {
            var node = graph.Producer(value);
            if (!seen.Add(value.Id))
            {
                continue;
            }

            if (IsLayer(node))
            {
                yield return node;
            }
            else
            {
                node.Inputs.ToList().ForEach(open.Push);
            }
        }
    }

    private void NoteSum(GraphJoin join)
    {
        // One channel meets any number of them.
        var wide = join.Layers.Where(layer => !IsLayer(layer) || Channels(layer) > 1).ToList();
        var layers = wide.Where(IsLayer).Select(layer => layer.Module).Distinct(StringComparer.Ordinal).ToList();
        if (wide.FirstOrDefault(layer => !IsLayer(layer)) is { } other)
        {
            foreach (var layer in layers)
            {
                _unfit.TryAdd(layer, $"its output meets '{other.Name}' in '{join.Node.Name}', which has channels of its own");
            }
        }
        else if (layers.Count > 1)
        {
            _sets.Add((layers, join.Node.Name));
        }
    }

    private static long Channels(GraphNode layer) => layer.Operator is LinearOperator
        ? layer.Output.Shape[layer.Output.Shape.Rank - 1]
        : layer.Output.Shape[1];
}
