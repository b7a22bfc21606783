namespace AdaQat.Graph;

/// <summary>A run of a prepared graph in memory of its own: inputs are written, it runs, outputs are read. It can be repeated.</summary>
internal sealed class PreparedRun
{
    private readonly Operand[] _inputs;
    private readonly Operand[] _outputs;
    private readonly (GraphNode Node, Operand[] Inputs, Operand[] Outputs)[] _nodes;

    public PreparedRun(PreparedGraph prepared, Func<GraphValue, Operand> operand)
    {
        _inputs = [.. prepared.Graph.Inputs.Select(node => operand(node.Output))];
        _outputs = [.. prepared.Graph.Outputs.Select(node => operand(node.Inputs[0]))];
        _nodes = [.. prepared.Graph.Nodes
            .Where(node => node.Operator is not (InputOperator or ConstantOperator or OutputOperator))
            .Select(node => (node, (Operand[])[.. node.Inputs.Select(operand)], (Operand[])[.. node.Outputs.Select(operand)]))];
    }

    /// <summary>The numbers of an input, which have to be of the type of the run; a run may write over them.</summary>
    public Span<double> Input(int input) => _inputs[input].Values;

    /// <summary>The numbers of an output, until the next run.</summary>
    public ReadOnlySpan<double> Output(int output) => _outputs[output].Values;

    /// <summary>Computes the outputs.</summary>
    /// <exception cref="GraphException">A number is none that an operator takes; the message names the node.</exception>
    public void Run()
    {
        foreach (var (node, inputs, outputs) in _nodes)
        {
            try
            {
                node.Operator.Evaluate(inputs, outputs);
            }
            catch (GraphException fault)
            {
                throw fault.At(node.Name);
            }
        }
    }
}
