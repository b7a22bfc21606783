namespace AdaQat.Graph;

/// <summary>Tensors one behind the other along an axis. Inputs: one and more, of equal sizes along all other axes.</summary>
/// <remarks>y[…, i, …] = x₀[…, i, …] as far as x₀ reaches, then x₁, and so on.</remarks>
public sealed record ConcatOperator : SingleOutputOperator
{
    /// <summary>A concatenation.</summary>
    /// <param name="axis">Along which axis, 0 being the first.</param>
    /// <exception cref="GraphException">It is negative.</exception>
    public ConcatOperator(int axis) => Axis = (int)Require.AtLeast(axis, 0, nameof(axis));

    /// <summary>Along which axis, 0 being the first.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    public override string Name => "concat";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("axis", (long)Axis)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Many;

    internal static ConcatOperator Read(AttributeReader attributes) => new(attributes.Int("axis"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var first = inputs[0];
        Axes.Check(Axis, first);
        foreach (var input in inputs)
        {
            if (input.Rank != first.Rank || input.With(Axis, 0) != first.With(Axis, 0))
            {
                throw new GraphException(
                    $"the inputs {first} and {input} can't be joined along axis {Axis}: all other sizes have to be equal.");
            }
        }

        return first.With(Axis, inputs.Sum(input => input[Axis]));
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var whole = AxisSpan.Of(shape, Axis);
        var start = 0;
        foreach (var (part, values) in inputs)
        {
            var length = (int)part[Axis] * whole.Inner;
            for (var outer = 0; outer < whole.Outer; outer++)
            {
                values.Slice(outer * length, length).CopyTo(output[((outer * whole.Size * whole.Inner) + start)..]);
            }

            start += length;
        }
    }
}
