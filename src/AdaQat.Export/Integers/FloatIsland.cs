using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Operators that are computed in float, by the graph's interpreter.</summary>
internal static class FloatIsland
{
    /// <summary>A node of the graph, on floats in the graph's order of axes.</summary>
    /// <param name="draft">Where the island becomes a node.</param>
    /// <param name="node">The node; it has one output.</param>
    /// <param name="inputs">For each of its inputs floats, or numbers that are known.</param>
    public static RealValue Of(ModelDraft draft, GraphNode node, IReadOnlyList<(RealValue? Value, GraphTensor? Constant)> inputs)
    {
        var builder = new GraphBuilder(node.Name);
        var (floats, read) = (new List<IntegerNode>(), new List<GraphValue>());
        foreach (var ((value, constant), i) in inputs.Select((input, i) => (input, i)))
        {
            read.Add(constant is not null ? builder.Constant($"constant{i}", constant)
                : builder.Input($"input{i}", new([1, .. value!.Node.Shape.AsSpan()])));
            if (value is not null)
            {
                floats.Add(value.Node);
            }
        }

        return Made(draft, builder, builder.Apply(node.Operator, [.. read])[0], floats, node.Name);
    }

    /// <summary>What a value's floats stand for: an affine function and bounds.</summary>
    public static RealValue OfMaps(ModelDraft draft, RealValue value)
    {
        var builder = new GraphBuilder("maps");
        var shape = new Shape([1, .. value.Node.Shape.AsSpan()]);
        long[] sizes = [.. shape.Select((size, axis) => !value.IsUniform && axis == value.Axis ? size : 1L)];
        GraphValue Constant(string name, Func<ChannelMap, double> number) =>
            builder.Constant(name, GraphTensor.Of(new(sizes), [.. value.Maps.Select(number)]));

        var x = builder.Input("x", shape);
        x = builder.Apply(new MultiplyOperator(), [x, Constant("slope", map => map.Slope.ToDouble())])[0];
        x = builder.Apply(new AddOperator(), [x, Constant("shift", map => map.Shift.ToDouble())])[0];
        if (value.Maps.Any(map => map.Low is not null))
        {
            x = builder.Apply(new MaximumOperator(), [x, Constant("low", map => map.Low?.ToDouble() ?? double.MinValue)])[0];
        }

        if (value.Maps.Any(map => map.High is not null))
        {
            x = builder.Apply(new MinimumOperator(), [x, Constant("high", map => map.High?.ToDouble() ?? double.MaxValue)])[0];
        }

        return Made(draft, builder, x, [value.Node], value.Node.Name + ".real");
    }

    private static RealValue Made(ModelDraft draft, GraphBuilder builder, GraphValue output, List<IntegerNode> inputs, string name)
    {
        var graph = builder.Output("y", output).Build();
        var node = draft.Add(new IslandNode(draft.Name(name), [.. inputs], graph));
        return new(node, [.. Enumerable.Range(1, node.Shape.Rank)], [ChannelMap.Same]);
    }
}
