using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A part in float, computed by the interpreter of graphs.</summary>
internal sealed unsafe class IslandStep(IslandNode node, Slot[] inputs, Slot output) : Step
{
    public override IEnumerable<Slot> Slots => [.. inputs, output];

    public override void Run(RunState state)
    {
        var tensors = new GraphTensor[inputs.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var shape = node.Inputs[i].Shape;
            tensors[i] = GraphTensor.Of(
                IslandNode.Batched(shape), new ReadOnlySpan<float>(state.At(inputs[i]), (int)shape.ElementCount));
        }

        node.Interpreter.Run(tensors)[0].AsFloat32().CopyTo(new Span<float>(state.At(output), (int)node.Shape.ElementCount));
    }
}
