namespace AdaQat.Graph;

/// <summary>A node in which what several layers computed meets.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">How it meets.</param>
/// <param name="Layers">
/// The nodes that it comes from, in the order of their evaluation: convolutions, linear layers, products of matrices, inputs of the graph.
/// A depthwise convolution is one of its own.
/// </param>
public sealed record GraphJoin(GraphNode Node, JoinKind Kind, EquatableList<GraphNode> Layers)
{
    /// <summary>The node, and the layers that meet there.</summary>
    /// <returns>For example <c>layer1.0.add: stem.conv + layer1.0.conv2</c>.</returns>
    public override string ToString() => $"{Node.Name}: {string.Join(" + ", Layers.Select(layer => layer.Name))}";
}
