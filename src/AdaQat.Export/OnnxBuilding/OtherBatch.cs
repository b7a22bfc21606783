using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// The shapes that a graph's values have with another batch: what shows which sizes follow from the batch, and whether the graph takes
/// another one at all.
/// </summary>
internal sealed class OtherBatch
{
    private readonly Dictionary<int, Shape> _shapes = [];

    private OtherBatch()
    {
    }

    /// <summary>Why the graph takes its own batch only; null where it takes any.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The shapes with one more along the first axis of all inputs.</summary>
    public static OtherBatch Of(ModelGraph graph)
    {
        var result = new OtherBatch();
        foreach (var node in graph.Nodes)
        {
            try
            {
                var shapes = node.Operator is InputOperator input
                    ? [input.Shape.Rank == 0 ? input.Shape : input.Shape.With(0, input.Shape[0] + 1)]
                    : node.Operator.InferShapes([.. node.Inputs.Select(value => result._shapes[value.Id])]);
                foreach (var (value, shape) in node.Outputs.Zip(shapes))
                {
                    result._shapes[value.Id] = shape;
                }
            }
            catch (GraphException fault)
            {
                return new() { Refusal = $"Node '{node.Name}': {fault.Message}" };
            }
        }

        return result;
    }

    /// <summary>The same batch: nothing follows from it.</summary>
    public static OtherBatch Fixed(ModelGraph graph)
    {
        var result = new OtherBatch();
        foreach (var value in graph.Nodes.SelectMany(node => node.Outputs))
        {
            result._shapes[value.Id] = value.Shape;
        }

        return result;
    }

    public Shape ShapeOf(GraphValue value) => _shapes[value.Id];
}
