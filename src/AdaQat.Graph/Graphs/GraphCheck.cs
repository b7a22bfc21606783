namespace AdaQat.Graph;

/// <summary>What a graph has to be; errors name the node.</summary>
internal static class GraphCheck
{
    public static void Run(EquatableList<GraphNode> nodes)
    {
        var producers = Producers(nodes);
        var defined = new Dictionary<int, (GraphValue Value, GraphNode Node)>();
        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs)
            {
                if (!defined.TryGetValue(input.Id, out var source))
                {
                    throw Undefined(node, input, producers);
                }

                if (source.Value.Shape != input.Shape)
                {
                    throw new GraphException(
                        node.Name,
                        $"it reads {input} with the shape {input.Shape}, which node '{source.Node.Name}' makes {source.Value.Shape}.");
                }
            }

            CheckOutputs(node);
            foreach (var output in node.Outputs)
            {
                defined.Add(output.Id, (output, node));
            }
        }

        if (!nodes.Any(node => node.Operator is OutputOperator))
        {
            throw new GraphException("The graph has no output; a node with the operator 'output' is one.");
        }
    }

    private static Dictionary<int, GraphNode> Producers(EquatableList<GraphNode> nodes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var producers = new Dictionary<int, GraphNode>();
        foreach (var node in nodes)
        {
            if (string.IsNullOrEmpty(node.Name))
            {
                throw new GraphException($"A node with the operator '{node.Operator.Name}' has no name; every node needs one of its own.");
            }

            if (!names.Add(node.Name))
            {
                throw new GraphException(node.Name, "there are two nodes of that name; every node needs one of its own.");
            }

            foreach (var output in node.Outputs)
            {
                if (output.Id < 0 || !producers.TryAdd(output.Id, node))
                {
                    throw new GraphException(node.Name, output.Id < 0
                        ? $"the number of its output is {output.Id}; allowed are 0 and more."
                        : $"it makes {output}, and so does node '{producers[output.Id].Name}'; a value is made once.");
                }
            }
        }

        return producers;
    }

    private static GraphException Undefined(GraphNode node, GraphValue input, Dictionary<int, GraphNode> producers)
    {
        if (!producers.TryGetValue(input.Id, out var later))
        {
            return new(node.Name, $"it reads {input}, which no node makes.");
        }

        return Circle(node, producers) is { } circle
            ? new(node.Name, $"it needs its own result: {string.Join(" → ", circle.Select(step => $"'{step.Name}'"))}.")
            : new(node.Name, $"it reads {input}, which node '{later.Name}' makes only later; nodes come behind those that they read.");
    }

    /// <summary>The way from a node back to itself, along what is read; null where there is none.</summary>
    private static List<GraphNode>? Circle(GraphNode start, Dictionary<int, GraphNode> producers)
    {
        // Breadth first, from the node to those that it reads; the way that comes back first is a shortest one.
        var readBy = new Dictionary<GraphNode, GraphNode>(ReferenceEqualityComparer.Instance);
        var next = new Queue<GraphNode>([start]);
        while (next.TryDequeue(out var node))
        {
            foreach (var input in node.Inputs)
            {
                if (!producers.TryGetValue(input.Id, out var producer) || !readBy.TryAdd(producer, node))
                {
                    continue;
                }

                if (ReferenceEquals(producer, start))
                {
                    var way = new List<GraphNode> { start };
                    do
                    {
                        way.Add(readBy[way[^1]]);
                    }
                    while (!ReferenceEquals(way[^1], start));

                    return way;
                }

                next.Enqueue(producer);
            }
        }

        return null;
    }

    private static void CheckOutputs(GraphNode node)
    {
        IReadOnlyList<Shape> shapes;
        try
        {
            shapes = node.Operator.InferShapes([.. node.Inputs.Select(input => input.Shape)]);
        }
        catch (GraphException fault)
        {
            throw fault.At(node.Name);
        }

        if (shapes.Count != node.Outputs.Count)
        {
            throw new GraphException(
                node.Name, $"it has {node.Outputs.Count} outputs; its operator '{node.Operator.Name}' makes {shapes.Count}.");
        }

        foreach (var (output, shape) in node.Outputs.Zip(shapes))
        {
            if (output.Shape != shape)
            {
                throw new GraphException(node.Name, $"its output {output} has the shape {output.Shape}; its operator makes {shape}.");
            }
        }
    }
}
