using System.Text;

namespace AdaQat.Graph;

/// <summary>A graph as lines for people.</summary>
internal static class GraphText
{
    public static string Of(ModelGraph graph)
    {
        var text = new StringBuilder($"graph {graph.Name}\n");
        foreach (var node in graph.Nodes.Where(node => node.Operator is not ConstantOperator))
        {
            text.Append(Line(graph, node)).Append('\n');
        }

        return text.ToString();
    }

    private static string Line(ModelGraph graph, GraphNode node)
    {
        var made = node.Outputs.Count == 0 ? "" : $"{string.Join(", ", node.Outputs)} = ";
        var (arguments, shapes) = node.Operator switch
        {
            InputOperator => ([], node.Outputs),
            OutputOperator => (node.Inputs.Select(input => Value(graph, input)), node.Inputs),
            _ => (Arguments(graph, node), node.Outputs),
        };
        return $"{made}{node.Operator.Name}({string.Join(", ", arguments)})"
            + $"  # {node.Name} {string.Join(' ', shapes.Select(value => value.Shape))}";
    }

    private static IEnumerable<string> Arguments(ModelGraph graph, GraphNode node)
    {
        var inputs = node.Inputs.Select((input, place) =>
        {
            var name = node.Operator.InputsAllowed.NameOf(place);
            return name.Length == 0 ? Value(graph, input) : $"{name}={Value(graph, input)}";
        });
        return inputs.Concat(node.Operator.Attributes.Where(attribute => !attribute.IsDefault).Select(attribute => attribute.ToString()));
    }

    private static string Value(ModelGraph graph, GraphValue value) => graph.Constant(value) switch
    {
        null => value.ToString(),
        { Shape.Rank: 0 } number => number.ToString(),
        _ => $"{graph.Producer(value).Name}{value.Shape}",
    };
}
