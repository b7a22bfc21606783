namespace AdaQat.Graph;

/// <summary>Part of a tensor along an axis, or every so many-th element of it, as Python's <c>x[start:end:step]</c>.</summary>
/// <remarks>y[…, i, …] = x[…, start + i · step, …].</remarks>
public sealed record SliceOperator : SingleOutputOperator
{
    /// <summary>A slice.</summary>
    /// <param name="axis">Along which axis, 0 being the first.</param>
    /// <param name="start">The first element; a negative one counts from the end. Beyond either end is that end.</param>
    /// <param name="end">Behind the last element, counted alike; null for up to the end.</param>
    /// <param name="step">1 and more.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public SliceOperator(int axis, long start = 0, long? end = null, long step = 1) => (Axis, Start, End, Step) =
        ((int)Require.AtLeast(axis, 0, nameof(axis)), start, end, Require.AtLeast(step, 1, nameof(step)));

    /// <summary>Along which axis, 0 being the first.</summary>
    public int Axis { get; }

    /// <summary>The first element; a negative one counts from the end.</summary>
    public long Start { get; }

    /// <summary>Behind the last element, counted alike; null for up to the end.</summary>
    public long? End { get; }

    /// <summary>How far apart elements are.</summary>
    public long Step { get; }

    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
        [new("axis", (long)Axis), new("start", Start, Start == 0), new("end", End, End is null), new("step", Step, Step == 1)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static SliceOperator Read(AttributeReader attributes) => new(
        attributes.Int("axis"), attributes.Long("start"), attributes.OptionalLong("end"), attributes.Long("step"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Axes.Check(Axis, inputs[0]);
        var (start, end) = Range(inputs[0][Axis]);
        return inputs[0].With(Axis, start >= end ? 0 : ((end - start - 1) / Step) + 1);
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (input, values) = inputs[0];
        var (from, to) = (AxisSpan.Of(input, Axis), AxisSpan.Of(shape, Axis));
        var (start, _) = Range(from.Size);
        for (var row = 0; row < to.Outer * to.Size; row++)
        {
            var place = (row / to.Size * (long)from.Size) + start + (row % to.Size * Step);
            values.Slice((int)place * from.Inner, from.Inner).CopyTo(output[(row * to.Inner)..]);
        }
    }

    private (long Start, long End) Range(long size)
    {
        return (Within(Start), Within(End ?? size));

        long Within(long place) => Math.Clamp(place < 0 ? place + size : place, 0, size);
    }
}
