namespace AdaQat.Graph;

/// <summary>
/// When the activations of a graph are made and last read, if its nodes are evaluated in their order, and how much memory that takes at
/// most.
/// </summary>
/// <remarks>
/// <para>A step is a node that computes something from an input. Constants, and what is computed from constants alone, are parameters and
/// take no memory here. In a step its inputs and its output are in memory, and whatever a later step still reads. An input of the graph is
/// there from the first step on, until its last reader is done; an output until the last step.</para>
/// <para>A view takes no memory, and keeps what it looks into: a reshape is one, and a slice, a part of a split or an expansion whose
/// elements are neighbours in what it is taken from. Everything else is a copy.</para>
/// <para>Fused, an operator that computes each element from one element (an activation, a clamp, batch normalisation, a quantizer) takes no
/// step of its own memory when it is the only reader of its input: elements go through it as they are made, and only its own result is
/// stored.</para>
/// </remarks>
public sealed class ActivationLifetimes
{
    private readonly EquatableList<GraphNode> _steps;

    private ActivationLifetimes(EquatableList<GraphNode> steps, EquatableList<ValueLifetime> lifetimes) =>
        (_steps, Lifetimes) = (steps, lifetimes);

    /// <summary>The nodes that compute, in their order; a step's number is its place here.</summary>
    public EquatableList<GraphNode> Steps => _steps;

    /// <summary>One for each value that needs memory, in the order of their making.</summary>
    public EquatableList<ValueLifetime> Lifetimes { get; }

    /// <summary>The lifetimes of a graph's activations.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="fuses">Whether operators of single elements are fused with what makes their input.</param>
    /// <returns>The lifetimes.</returns>
    /// <exception cref="GraphException">No node of the graph computes anything from an input.</exception>
    public static ActivationLifetimes Of(ModelGraph graph, bool fuses = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var parameters = Parameters(graph);
        EquatableList<GraphNode> steps =
        [
            .. graph.Nodes.Where(node => node.Operator is not (InputOperator or OutputOperator or ConstantOperator)
                && !node.Outputs.All(output => parameters.Contains(output.Id))),
        ];
        if (steps.Count == 0)
        {
            throw new GraphException($"The graph '{graph.Name}' computes nothing from an input: there are no steps.");
        }

        var stepOf = steps.Index().ToDictionary(step => (object)step.Item, step => step.Index, ReferenceEqualityComparer.Instance);
        return new(steps, [.. Memories(graph, parameters, fuses).Select(memory => Lifetime(graph, memory, stepOf, steps.Count - 1))]);
    }

    /// <summary>The most elements that are in memory in one step.</summary>
    /// <returns>The step, and what is in memory.</returns>
    public PeakMemory Peak() => Peak(_ => 1);

    /// <summary>The most memory in one step.</summary>
    /// <param name="bits">
    /// How many bits an element of a value takes. It is asked for the last value that shares the memory and is no view: the one that is
    /// stored.
    /// </param>
    /// <returns>The step, what is in memory, and how many bits that takes.</returns>
    public PeakMemory Peak(Func<GraphValue, int> bits)
    {
        ArgumentNullException.ThrowIfNull(bits);
        var sizes = Lifetimes.ToDictionary(memory => memory.Value.Id, memory => memory.Value.Shape.ElementCount * bits(memory.Value));
        return Enumerable.Range(0, _steps.Count).Select(step =>
        {
            EquatableList<ValueLifetime> live = [.. Lifetimes.Where(lifetime => lifetime.Born <= step && step <= lifetime.LastUsed)];
            return new PeakMemory(live.Sum(lifetime => sizes[lifetime.Value.Id]), _steps[step], live);
        }).MaxBy(peak => peak.Amount)!;
    }

    /// <summary>What depends on constants alone.</summary>
    private static HashSet<int> Parameters(ModelGraph graph)
    {
        var parameters = new HashSet<int>();
        foreach (var node in graph.Nodes.Where(node => node.Operator is not InputOperator
            && node.Inputs.All(input => parameters.Contains(input.Id))))
        {
            parameters.UnionWith(node.Outputs.Select(output => output.Id));
        }

        return parameters;
    }

    /// <summary>Values in groups that share memory; the first of a group is the one that is stored.</summary>
    private static List<List<GraphValue>> Memories(ModelGraph graph, HashSet<int> parameters, bool fuses)
    {
        var memories = new Dictionary<int, List<GraphValue>>();
        var inOrder = new List<List<GraphValue>>();
        foreach (var node in graph.Nodes)
        {
            foreach (var output in node.Outputs.Where(output => !parameters.Contains(output.Id)))
            {
                if (!SharesMemory(graph, node, fuses) || !memories.TryGetValue(node.Inputs[0].Id, out var memory))
                {
                    memory = [];
                    inOrder.Add(memory);
                }

                memories[output.Id] = memory;
                // A view is behind what it looks into, what was fused before it.
                memory.Insert(memory.Count > 0 && IsView(node) ? memory.Count : 0, output);
            }
        }

        return inOrder;
    }

    private static bool SharesMemory(ModelGraph graph, GraphNode node, bool fuses) =>
        IsView(node) || (fuses && node.Operator is PointwiseOperator or PReluOperator or BatchNormOperator or QuantizeOperator
            && graph.Producer(node.Inputs[0]).Operator is not InputOperator && graph.Consumers(node.Inputs[0]).Count == 1);

    /// <summary>Whether its outputs are elements of its input that are neighbours in memory.</summary>
    private static bool IsView(GraphNode node) => node.Operator switch
    {
        ReshapeOperator => true,
        ExpandOperator => node.Inputs[0].Shape.ElementCount == node.Outputs[0].Shape.ElementCount,
        SplitOperator split => AxisSpan.Of(node.Inputs[0].Shape, split.Axis).Outer == 1,
        SliceOperator slice => slice.Step == 1 && AxisSpan.Of(node.Inputs[0].Shape, slice.Axis).Outer == 1,
        _ => false,
    };

    private static ValueLifetime Lifetime(ModelGraph graph, List<GraphValue> memory, Dictionary<object, int> stepOf, int lastStep)
    {
        var born = memory.Min(value => stepOf.GetValueOrDefault(graph.Producer(value)));
        var readers = memory.SelectMany(graph.Consumers).ToList();
        var lastUsed = readers.Exists(reader => reader.Operator is OutputOperator)
            ? lastStep
            : readers.Select(reader => stepOf[reader]).Append(born).Max();
        return new(memory[0], born, lastUsed, [.. memory.Skip(1).OrderBy(value => value.Id)]);
    }
}
