using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Values of one type one behind the other along an axis.</summary>
public sealed class ConcatNode : IntegerNode
{
    /// <summary>A concatenation.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="inputs">One value and more: all floats, all integers, or all codes of one grid.</param>
    /// <param name="axis">The axis, 0 and more, batch not counted.</param>
    /// <exception cref="IntegerModelException">Types or shapes don't fit each other.</exception>
    public ConcatNode(string name, EquatableList<IntegerNode> inputs, int axis)
        : base(name, inputs, ShapeOf(name, inputs, axis), TypeOf(name, inputs))
    {
        Axis = axis;
    }

    /// <summary>The axis.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var inner = 1L;
        for (var axis = Axis + 1; axis < Shape.Rank; axis++)
        {
            inner *= Shape[axis];
        }

        long start = 0;
        foreach (var input in inputs)
        {
            var (block, row) = (input.Shape[Axis] * inner, Shape[Axis] * inner);
            for (var i = 0L; i < input.Shape.ElementCount; i++)
            {
                output.Take((i / block * row) + start + (i % block), input, i);
            }

            start += block;
        }
    }

    private static Shape ShapeOf(string name, EquatableList<IntegerNode> inputs, int axis)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
        {
            throw Fault(name, "it has no inputs; allowed are one and more.");
        }

        var first = inputs[0].Shape;
        if (axis < 0 || axis >= first.Rank)
        {
            throw Fault(name, $"its axis is {axis}; allowed are 0 to {first.Rank - 1}.");
        }

        Int128 size = 0;
        foreach (var input in inputs)
        {
            if (input.Shape.Rank != first.Rank || input.Shape.With(axis, 1) != first.With(axis, 1))
            {
                throw Fault(name, $"its inputs are {string.Join(" and ", inputs.Select(each => each.Shape))}; "
                    + $"allowed are sizes that differ along axis {axis} only.");
            }

            size += input.Shape[axis];
        }

        var sizes = first.AsSpan().ToArray();
        sizes[axis] = (long)Int128.Min(size, long.MaxValue);
        return LayerSizes.ShapeOf(name, sizes);
    }

    private static NumberType TypeOf(string name, EquatableList<IntegerNode> inputs)
    {
        var type = inputs[0].Type;
        foreach (var input in inputs)
        {
            type = (type, input.Type) switch
            {
                (Integers a, Integers b) => new Integers(Math.Min(a.Min, b.Min), Math.Max(a.Max, b.Max)),
                var (a, b) when a == b => a,
                _ => throw Fault(name, $"its inputs '{inputs[0].Name}' and '{input.Name}' hold {inputs[0].Type} and {input.Type}; allowed "
                    + "are values of one type, and codes of one grid."),
            };
        }

        return type;
    }
}
