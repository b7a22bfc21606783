namespace AdaQat.Graph;

/// <summary>
/// What a network computes: nodes in the order of their evaluation, each value made once (SSA form). It is checked when it is made and
/// never changes; another graph is built with <see cref="GraphBuilder"/>.
/// </summary>
/// <remarks>Two graphs are equal if their names, nodes and constants are, to the bit.</remarks>
public sealed class ModelGraph : IEquatable<ModelGraph>
{
    private readonly Dictionary<string, GraphNode> _byName;
    private readonly Dictionary<int, GraphNode> _producers;
    private readonly ILookup<int, GraphNode> _consumers;

    /// <summary>A graph of nodes.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="nodes">All nodes, each behind those whose values it reads.</param>
    /// <exception cref="GraphException">
    /// Two nodes have one name or make one value; a value is read that nobody makes, or before it is made; nodes need each other in a
    /// circle; a node has too few or too many inputs or outputs, or a shape is not what its operator's rule gives; there is no output. The
    /// message names the node.
    /// </exception>
    public ModelGraph(string name, IEnumerable<GraphNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(nodes);
        (Name, Nodes) = (name, EquatableList.From(nodes));
        GraphCheck.Run(Nodes);
        _byName = Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        _producers = Nodes.SelectMany(node => node.Outputs.Select(value => (value.Id, node)))
            .ToDictionary(pair => pair.Id, pair => pair.node);
        _consumers = Nodes.SelectMany(node => node.Inputs.DistinctBy(value => value.Id).Select(value => (value.Id, node)))
            .ToLookup(pair => pair.Id, pair => pair.node);
        (Inputs, Outputs, Constants) = (OfType<InputOperator>(), OfType<OutputOperator>(), OfType<ConstantOperator>());

        EquatableList<GraphNode> OfType<T>() => [.. Nodes.Where(node => node.Operator is T)];
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>All nodes, in the order of their evaluation.</summary>
    public EquatableList<GraphNode> Nodes { get; }

    /// <summary>The nodes that stand for what the graph is given, in order.</summary>
    public EquatableList<GraphNode> Inputs { get; }

    /// <summary>The nodes that hand out what the graph computes, in order; each has one input.</summary>
    public EquatableList<GraphNode> Outputs { get; }

    /// <summary>The nodes that stand for parameters, buffers and numbers.</summary>
    public EquatableList<GraphNode> Constants { get; }

    /// <summary>The node of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The node.</returns>
    /// <exception cref="GraphException">There is none.</exception>
    public GraphNode Node(string name) => _byName.TryGetValue(name, out var node) ? node : throw new GraphException(
        $"The graph '{Name}' has no node '{name}'.");

    /// <summary>The node that makes a value.</summary>
    /// <param name="value">A value of the graph.</param>
    /// <returns>The node.</returns>
    /// <exception cref="GraphException">The value is not of this graph.</exception>
    public GraphNode Producer(GraphValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _producers.TryGetValue(value.Id, out var node) ? node : throw new GraphException(
            $"The graph '{Name}' has no value {value}.");
    }

    /// <summary>The nodes that read a value, in the order of their evaluation; a node that reads it twice is there once.</summary>
    /// <param name="value">A value of the graph.</param>
    /// <returns>The nodes; none where nobody reads it.</returns>
    public IReadOnlyList<GraphNode> Consumers(GraphValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return [.. _consumers[value.Id]];
    }

    /// <summary>The numbers of a value that is a constant.</summary>
    /// <param name="value">A value of the graph.</param>
    /// <returns>The numbers, or null where the value is no constant.</returns>
    /// <exception cref="GraphException">The value is not of this graph.</exception>
    public GraphTensor? Constant(GraphValue value) => (Producer(value).Operator as ConstantOperator)?.Value;

    /// <inheritdoc/>
    public bool Equals(ModelGraph? other) => other is not null && Name == other.Name && Nodes == other.Nodes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelGraph);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Nodes.Count);

    /// <summary>A line for each node.</summary>
    /// <returns>The same as <see cref="ToText"/>.</returns>
    public override string ToString() => ToText();

    /// <summary>
    /// A line for each node but the constants, which stand where they are read: what it makes, operator, inputs and attributes that are not
    /// the default, and behind a <c>#</c> the node's name and the shape, for example <c>%3 = conv2d(%2, w=conv1.weight[16,16,3,3],
    /// stride=1, padding=1)  # layer1.0.conv1 [1,16,32,32]</c>.
    /// </summary>
    /// <returns>The text; each line ends with a line feed.</returns>
    public string ToText() => GraphText.Of(this);
}
