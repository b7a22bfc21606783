using AdaQat.Graph;

namespace AdaQat.Rules;

/// <summary>Which layers belong together because their outputs meet in a sum.</summary>
internal sealed class JoinGroups
{
    private readonly ModelGraph _graph;
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    private JoinGroups(ModelGraph graph) => _graph = graph;

    /// <summary>Those of a graph whose layers are nodes in modules of the layers' names.</summary>
    public static JoinGroups Of(ModelGraph graph)
    {
        var groups = new JoinGroups(graph);
        var sums = GraphJoins.Of(graph, JoinKind.Elementwise).Where(join => join.Node.Operator is AddOperator or SubtractOperator);
        foreach (var join in sums)
        {
            // The group that comes first in the network gives its name to what joins it.
            var meeting = join.Layers.Select(layer => groups.GroupOf(layer.Module)).Distinct(StringComparer.Ordinal).ToList();
            foreach (var layer in groups._groups.Where(pair => meeting.Contains(pair.Value)).Select(pair => pair.Key)
                .Concat(join.Layers.Select(layer => layer.Module)).ToList())
            {
                groups._groups[layer] = meeting[0];
            }
        }

        return groups;
    }

    /// <summary>The group of a layer: the name of its first layer, which may be itself.</summary>
    public string OfOutput(string layer) => GroupOf(layer);

    /// <summary>The group of a layer's input: that of the layers that it comes from, or of all of them where they are of several.</summary>
    public string OfInput(string layer)
    {
        var sources = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        var open = new Stack<GraphValue>(_graph.Nodes.Where(node => node.Module == layer && IsLayer(node)).Take(1)
            .Select(node => node.Inputs[0]));
        while (open.TryPop(out var value))
        {
            var node = _graph.Producer(value);
            if (!seen.Add(value.Id) || node.Operator is ConstantOperator)
            {
                continue;
            }

            if (IsLayer(node) || node.Operator is InputOperator)
            {
                sources.Add(node.Operator is InputOperator ? node.Name : GroupOf(node.Module));
            }
            else
            {
                node.Inputs.ToList().ForEach(open.Push);
            }
        }

        return string.Join('+', sources);
    }

    private static bool IsLayer(GraphNode node) => node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator;

    private string GroupOf(string layer) => _groups.GetValueOrDefault(layer, layer);
}
