using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Every step-th element along an axis, from one on.</summary>
public sealed class SliceNode : IntegerNode
{
    /// <summary>A slice.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Any value.</param>
    /// <param name="axis">The axis, batch not counted.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many elements, 1 and more.</param>
    /// <param name="step">How far apart they are, 1 and more.</param>
    /// <exception cref="IntegerModelException">Such elements don't exist.</exception>
    public SliceNode(string name, IntegerNode input, int axis, long start, long count, long step = 1)
        : base(name, [input], ShapeOf(name, input, axis, start, count, step), input.Type)
    {
        Axis = axis;
        Start = start;
        Step = step;
    }

    /// <summary>The axis.</summary>
    public int Axis { get; }

    /// <summary>The first element.</summary>
    public long Start { get; }

    /// <summary>How many elements.</summary>
    public long Count => Shape[Axis];

    /// <summary>How far apart they are.</summary>
    public long Step { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var inner = 1L;
        for (var axis = Axis + 1; axis < Shape.Rank; axis++)
        {
            inner *= Shape[axis];
        }

        for (var i = 0L; i < Shape.ElementCount; i++)
        {
            var (outer, rest) = Math.DivRem(i, Count * inner);
            var (along, within) = Math.DivRem(rest, inner);
            output.Take(i, inputs[0], (((outer * inputs[0].Shape[Axis]) + Start + (along * Step)) * inner) + within);
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, int axis, long start, long count, long step)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (axis < 0 || axis >= input.Shape.Rank)
        {
            throw Fault(name, $"its axis is {axis}; allowed are 0 to {input.Shape.Rank - 1}.");
        }

        return start >= 0 && count >= 1 && step >= 1 && start + (((Int128)count - 1) * step) < input.Shape[axis]
            ? input.Shape.With(axis, count)
            : throw Fault(name, $"it takes {count} elements from {start} on, {step} apart, along axis {axis} of {input.Shape}; allowed are "
                + "elements that exist.");
    }
}
