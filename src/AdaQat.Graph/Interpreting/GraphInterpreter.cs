namespace AdaQat.Graph;

/// <summary>
/// Evaluates a graph by its operators' formulas: the reference for whatever computes it faster. Clear, and no faster than plain loops are.
/// </summary>
/// <remarks>
/// The inputs' type is that of the run: constants are converted to it, and each node's result is rounded to it once. Within a node all
/// arithmetic is that of 64-bit numbers, sums included. Other sizes than the graph was described with are taken as far as its operators go:
/// each shape is computed anew.
/// </remarks>
public sealed class GraphInterpreter
{
    private readonly ModelGraph _graph;

    /// <summary>An interpreter of a graph.</summary>
    /// <param name="graph">The graph.</param>
    public GraphInterpreter(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _graph = graph;
    }

    /// <summary>Computes the graph's outputs. What is in between is dropped when its last reader has it.</summary>
    /// <param name="inputs">One tensor for each input, in order, all of one type.</param>
    /// <returns>One tensor for each output, in order, of that type.</returns>
    /// <exception cref="ArgumentException">
    /// There are more or fewer tensors than inputs, their types differ, or one has another number of axes than its input.
    /// </exception>
    /// <exception cref="GraphException">Sizes don't fit an operator; the message names the node.</exception>
    public IReadOnlyList<GraphTensor> Run(params IReadOnlyList<GraphTensor> inputs) => Evaluate(inputs, keepsAll: false).Outputs;

    /// <summary>Computes the graph's outputs and keeps every value.</summary>
    /// <param name="inputs">As for <see cref="Run"/>.</param>
    /// <returns>All values.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Run"/>.</exception>
    /// <exception cref="GraphException">As for <see cref="Run"/>.</exception>
    public GraphRun RunAll(params IReadOnlyList<GraphTensor> inputs) => Evaluate(inputs, keepsAll: true);

    private GraphRun Evaluate(IReadOnlyList<GraphTensor> inputs, bool keepsAll)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        CheckInputs(inputs);
        var type = inputs.Count == 0 ? ElementType.Float64 : inputs[0].Type;
        var readers = _graph.Nodes.SelectMany(node => node.Inputs).CountBy(value => value.Id).ToDictionary();
        var values = new Dictionary<int, GraphTensor>();
        foreach (var (node, input) in _graph.Inputs.Zip(inputs))
        {
            values[node.Output.Id] = input;
        }

        var outputs = new List<GraphTensor>();
        foreach (var node in _graph.Nodes.Where(node => node.Operator is not InputOperator))
        {
            var read = node.Inputs.Select(value => values[value.Id]).ToArray();
            foreach (var (value, result) in node.Outputs.Zip(Compute(node, read, type)))
            {
                values[value.Id] = result;
            }

            if (node.Operator is OutputOperator)
            {
                outputs.Add(read[0]);
            }

            foreach (var value in node.Inputs.Where(_ => !keepsAll))
            {
                if (--readers[value.Id] == 0)
                {
                    values.Remove(value.Id);
                }
            }
        }

        return new GraphRun(_graph, values, outputs);
    }

    private static IReadOnlyList<GraphTensor> Compute(GraphNode node, GraphTensor[] inputs, ElementType type)
    {
        try
        {
            return node.Operator is ConstantOperator constant ? [constant.Value.To(type)] : node.Operator.Evaluate(inputs, type);
        }
        catch (GraphException fault)
        {
            throw fault.At(node.Name);
        }
    }

    private void CheckInputs(IReadOnlyList<GraphTensor> inputs)
    {
        if (inputs.Count != _graph.Inputs.Count)
        {
            throw new ArgumentException(
                $"There are {inputs.Count} tensors; the graph '{_graph.Name}' has {_graph.Inputs.Count} inputs.", nameof(inputs));
        }

        foreach (var (node, input) in _graph.Inputs.Zip(inputs))
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            if (input.Type != inputs[0].Type || input.Shape.Rank != node.Output.Shape.Rank)
            {
                throw new ArgumentException(
                    $"The tensor for the input '{node.Name}' is {input}; allowed are tensors of {node.Output.Shape.Rank} axes, as the "
                    + $"graph was described with {node.Output.Shape}, and of one type, {inputs[0].Type} like the first.", nameof(inputs));
            }
        }
    }
}
