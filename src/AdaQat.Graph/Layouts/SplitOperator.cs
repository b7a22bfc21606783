namespace AdaQat.Graph;

/// <summary>Parts of a tensor along an axis, one output each; <c>chunk</c> and <c>split</c>.</summary>
/// <remarks>y₀ is x[…, 0 up to the first size, …], y₁ goes on from there, and so on.</remarks>
public sealed record SplitOperator : GraphOperator
{
    /// <summary>Parts of these sizes.</summary>
    /// <param name="axis">Along which axis, 0 being the first.</param>
    /// <param name="sizes">The parts' sizes, 0 and more, together the input's; one part and more.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public SplitOperator(int axis, EquatableList<long> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Axis = (int)Require.AtLeast(axis, 0, nameof(axis));
        Sizes = sizes.Count > 0 && sizes.All(size => size >= 0) ? sizes : throw new GraphException(
            $"the sizes are {sizes}; allowed are one and more, each 0 and more.");
    }

    /// <summary>Along which axis, 0 being the first.</summary>
    public int Axis { get; }

    /// <summary>The parts' sizes.</summary>
    public EquatableList<long> Sizes { get; }

    /// <inheritdoc/>
    public override string Name => "split";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("axis", (long)Axis), new("sizes", Sizes)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static SplitOperator Read(AttributeReader attributes) => new(attributes.Int("axis"), attributes.Longs("sizes"));

    private protected override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        Axes.Check(Axis, input);
        return Sizes.Sum() == input[Axis] ? [.. Sizes.Select(size => input.With(Axis, size))] : throw new GraphException(
            $"its sizes {Sizes} are {Sizes.Sum()} together; allowed are the {input[Axis]} that the input {input} has along axis {Axis}.");
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)
    {
        var whole = AxisSpan.Of(inputs[0].Shape, Axis);
        ReadOnlySpan<double> x = inputs[0].Values;
        var start = 0;
        foreach (var (part, values) in outputs)
        {
            var length = (int)part[Axis] * whole.Inner;
            for (var outer = 0; outer < whole.Outer; outer++)
            {
                x.Slice((outer * whole.Size * whole.Inner) + start, length).CopyTo(values[(outer * length)..]);
            }

            start += length;
        }
    }
}
