using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Elements of one number before and behind, along any axes.</summary>
public sealed class PadNode : IntegerNode
{
    /// <summary>A padding.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes or integers.</param>
    /// <param name="before">How many elements before the first, for each axis, 0 and more; batch not counted.</param>
    /// <param name="after">How many elements behind the last, for each axis, 0 and more.</param>
    /// <param name="number">The number: a code, or an integer. <see cref="Codes.ZeroCode"/> is the code of 0.</param>
    /// <exception cref="IntegerModelException">There are too few or too many sizes, or there is no such code.</exception>
    public PadNode(string name, IntegerNode input, EquatableList<long> before, EquatableList<long> after, int number)
        : base(name, [Whole(name, input)], ShapeOf(name, input, before, after), TypeOf(name, input, number))
    {
        Before = before;
        After = after;
        Number = number;
    }

    /// <summary>How many elements before the first, for each axis.</summary>
    public EquatableList<long> Before { get; }

    /// <summary>How many elements behind the last, for each axis.</summary>
    public EquatableList<long> After { get; }

    /// <summary>The code or integer that they hold.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        output.Stored.Fill(Number);
        var (index, input) = (new long[Shape.Rank], inputs[0].Shape);
        for (var i = 0L; i < input.ElementCount; i++)
        {
            long to = 0;
            for (var axis = 0; axis < Shape.Rank; axis++)
            {
                to = (to * Shape[axis]) + index[axis] + Before[axis];
            }

            output.Take(to, inputs[0], i);
            Broadcast.Advance(index, input);
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, EquatableList<long> before, EquatableList<long> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count != input.Shape.Rank || after.Count != input.Shape.Rank
            || before.Concat(after).Any(count => count is < 0 or > MaxElements))
        {
            throw Fault(name, $"its input is {input.Shape}, its padding {before} and {after}; allowed is a number for each axis, 0 to "
                + $"{MaxElements}.");
        }

        var sizes = new long[before.Count];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = before[axis] + input.Shape[axis] + after[axis];
        }

        return LayerSizes.ShapeOf(name, sizes);
    }

    private static NumberType TypeOf(string name, IntegerNode input, int number) => input.Type switch
    {
        Integers range => new Integers(Math.Min(range.Min, number), Math.Max(range.Max, number)),
        Codes codes when number >= 0 && number <= codes.MaxCode => codes,
        _ => throw Fault(name, $"it pads with the code {number}; its input holds {input.Type}."),
    };
}
