namespace AdaQat.Graph;

/// <summary>What an interpreter computed: every value of a graph, for one set of inputs.</summary>
public sealed class GraphRun
{
    private readonly ModelGraph _graph;
    private readonly IReadOnlyDictionary<int, GraphTensor> _values;

    internal GraphRun(ModelGraph graph, IReadOnlyDictionary<int, GraphTensor> values, IReadOnlyList<GraphTensor> outputs) =>
        (_graph, _values, Outputs) = (graph, values, outputs);

    /// <summary>What the graph handed out, in order.</summary>
    public IReadOnlyList<GraphTensor> Outputs { get; }

    /// <summary>The tensor of a value.</summary>
    /// <param name="value">A value of the graph.</param>
    /// <exception cref="GraphException">The value is not of this graph.</exception>
    public GraphTensor this[GraphValue value]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(value);
            return _values.TryGetValue(value.Id, out var tensor) ? tensor : throw new GraphException($"The run has no value {value}.");
        }
    }

    /// <summary>What a node made.</summary>
    /// <param name="node">The node's name.</param>
    /// <returns>One tensor for each of its outputs; none for an output of the graph, whose input has it.</returns>
    /// <exception cref="GraphException">There is no such node.</exception>
    public IReadOnlyList<GraphTensor> Of(string node) => [.. _graph.Node(node).Outputs.Select(value => this[value])];
}
