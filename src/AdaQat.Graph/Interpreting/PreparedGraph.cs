namespace AdaQat.Graph;

/// <summary>
/// A graph for runs that allocate nothing: of the sizes with which it was described, with its constants in the type of the runs. Each run
/// has memory of its own, in which whoever prepares it places the values. It makes what <see cref="GraphInterpreter"/> makes, to the bit.
/// </summary>
internal sealed class PreparedGraph
{
    private readonly Dictionary<int, int> _places = [];
    private readonly Dictionary<int, double[]> _constants = [];

    /// <summary>A prepared graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">What each result is rounded to.</param>
    public PreparedGraph(ModelGraph graph, ElementType type)
    {
        (Graph, Type) = (graph, type);
        var values = new List<PreparedValue>();
        foreach (var (place, node) in graph.Nodes.Index())
        {
            foreach (var input in node.Inputs.Where(input => _places.ContainsKey(input.Id)))
            {
                values[_places[input.Id]] = values[_places[input.Id]] with
                {
                    Last = node.Operator is OutputOperator ? graph.Nodes.Count : Math.Max(place, values[_places[input.Id]].Last),
                };
            }

            if (node.Operator is ConstantOperator constant)
            {
                _constants.Add(node.Output.Id, constant.Value.To(type).Numbers());
                continue;
            }

            foreach (var output in node.Outputs)
            {
                _places.Add(output.Id, values.Count);
                values.Add(new((int)output.Shape.ElementCount, node.Operator is InputOperator ? -1 : place, place));
            }
        }

        Values = values;
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What each result is rounded to.</summary>
    public ElementType Type { get; }

    /// <summary>What a run needs memory for; constants have theirs.</summary>
    public IReadOnlyList<PreparedValue> Values { get; }

    /// <summary>A run, which can be repeated.</summary>
    /// <param name="places">Memory for each value; values that are not needed at one time may share it.</param>
    public PreparedRun Bind(IReadOnlyList<Memory<double>> places) => new(this, value => new(
        value.Shape, _constants.TryGetValue(value.Id, out var numbers) ? numbers : places[_places[value.Id]], Type));
}
