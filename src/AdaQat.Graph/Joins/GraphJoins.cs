namespace AdaQat.Graph;

/// <summary>Where the outputs of layers meet: which share a width or a scale, and which have to keep as many channels as others.</summary>
/// <remarks>
/// A layer's output is followed through all operators that compute single elements, normalise, pool, resize, reduce or arrange elements
/// anew (reshapes, permutations, slices and splits), through quantizers, and through the joins themselves. Constants are no layers.
/// </remarks>
public static class GraphJoins
{
    /// <summary>The joins of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="kinds">Which kinds of joins.</param>
    /// <returns>One for each node in which outputs of layers meet, in the order of their evaluation.</returns>
    public static IReadOnlyList<GraphJoin> Of(ModelGraph graph, JoinKind kinds = JoinKind.Elementwise | JoinKind.Concat)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var place = graph.Nodes.Index().ToDictionary(node => (object)node.Item, node => node.Index, ReferenceEqualityComparer.Instance);
        var origins = new Dictionary<int, IReadOnlyList<GraphNode>>();
        var joins = new List<GraphJoin>();
        foreach (var node in graph.Nodes)
        {
            IReadOnlyList<GraphNode> read =
            [
                .. Followed(node).SelectMany(input => origins[input.Id]).Distinct(ReferenceEqualityComparer.Instance).Cast<GraphNode>()
                    .OrderBy(layer => place[layer]),
            ];
            var kind = KindOf(node);
            var meeting = node.Inputs.Count(input => origins[input.Id].Count > 0);
            if ((kind & kinds) != JoinKind.None && meeting >= (kind == JoinKind.Depthwise ? 1 : 2))
            {
                joins.Add(new(node, kind, kind == JoinKind.Depthwise ? [.. read, node] : [.. read]));
            }

            foreach (var output in node.Outputs)
            {
                origins[output.Id] = IsLayer(node) ? [node] : node.Operator is ConstantOperator ? [] : read;
            }
        }

        return joins;
    }

    /// <summary>
    /// The layers of a graph in sets: two that meet in a join are in one set, and so is what meets one of them elsewhere.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="kinds">Which kinds of joins count.</param>
    /// <returns>The sets of two layers and more, in the order of their first layer; within a set in the order of evaluation.</returns>
    public static IReadOnlyList<EquatableList<GraphNode>> Sets(ModelGraph graph, JoinKind kinds = JoinKind.Elementwise)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var setOf = new Dictionary<object, HashSet<object>>(ReferenceEqualityComparer.Instance);
        foreach (var join in Of(graph, kinds))
        {
            var union = new HashSet<object>(ReferenceEqualityComparer.Instance);
            foreach (var layer in join.Layers)
            {
                union.UnionWith(setOf.GetValueOrDefault(layer, [layer]));
            }

            foreach (var layer in union)
            {
                setOf[layer] = union;
            }
        }

        return
        [
            .. graph.Nodes.Where(setOf.ContainsKey).Select(node => setOf[node]).Distinct().Where(set => set.Count > 1)
                .Select(set => (EquatableList<GraphNode>)[.. graph.Nodes.Where(set.Contains)]),
        ];
    }

    /// <summary>The inputs whose numbers are in the output; of a layer all that it reads besides its weights.</summary>
    private static IEnumerable<GraphValue> Followed(GraphNode node) => node.Operator switch
    {
        MatMulOperator or ElementwiseOperator or ConcatOperator => node.Inputs,
        _ => node.Inputs.Take(1),
    };

    private static JoinKind KindOf(GraphNode node) => node.Operator switch
    {
        ElementwiseOperator => JoinKind.Elementwise,
        ConcatOperator => JoinKind.Concat,
        ConvolutionOperator { Groups: > 1 } convolution when convolution.Groups == node.Inputs[0].Shape[1]
            && convolution.Groups == node.Outputs[0].Shape[1] => JoinKind.Depthwise,
        _ => JoinKind.None,
    };

    private static bool IsLayer(GraphNode node) =>
        node.Operator is InputOperator or ConvolutionOperator or TransposedConvolutionOperator or LinearOperator or MatMulOperator;
}
