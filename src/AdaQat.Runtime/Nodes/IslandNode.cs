using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A part of the network that stays in float: a graph that is computed by the formulas of AdaQat.Graph's operators, one image after the
/// other. It reads and makes floats, and is slow.
/// </summary>
public sealed class IslandNode : IntegerNode
{
    /// <summary>An island.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="inputs">Floats, one for each input of the graph, in its order. Each is given to the graph as a batch of one.</param>
    /// <param name="graph">The graph; it has one output, of floats.</param>
    /// <exception cref="IntegerModelException">
    /// An input doesn't hold floats, or the graph's inputs and output, for a batch of one, are not those.
    /// </exception>
    public IslandNode(string name, EquatableList<IntegerNode> inputs, ModelGraph graph)
        : base(name, inputs, ShapeOf(name, inputs, graph), new Floats())
    {
        Graph = graph;
        Interpreter = new GraphInterpreter(graph);
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What computes it.</summary>
    internal GraphInterpreter Interpreter { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var outputs = Interpreter.Run([.. inputs.Select(input => GraphTensor.Of(Batched(input.Shape), input.Floats))]);
        outputs[0].AsFloat32().CopyTo(output.Floats);
    }

    /// <summary>A shape with a batch of one before it.</summary>
    internal static Shape Batched(Shape shape) => new([1, .. shape.AsSpan()]);

    private static Shape ShapeOf(string name, EquatableList<IntegerNode> inputs, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Outputs.Count != 1 || graph.Inputs.Count != inputs.Count)
        {
            throw Fault(name, $"its graph has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs; "
                + $"allowed are {inputs.Count} and 1.");
        }

        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Type is not Floats || graph.Inputs[i].Output.Shape != Batched(inputs[i].Shape))
            {
                throw Fault(name, $"its input '{inputs[i].Name}' holds {inputs[i].Type} {inputs[i].Shape}; its graph reads "
                    + $"{graph.Inputs[i].Output.Shape}, which has to be floats with a batch of one.");
            }
        }

        var shape = graph.Outputs[0].Inputs[0].Shape;
        return shape.Rank > 0 && shape[0] == 1 ? LayerSizes.ShapeOf(name, shape.AsSpan()[1..]) : throw Fault(
            name, $"its graph makes {shape}; allowed is a batch of one.");
    }
}
