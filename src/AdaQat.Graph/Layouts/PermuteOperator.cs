namespace AdaQat.Graph;

/// <summary>The axes in another order: transposition.</summary>
/// <remarks>The axis i of the output is the axis Order[i] of the input.</remarks>
public sealed record PermuteOperator : SingleOutputOperator
{
    /// <summary>A permutation of axes.</summary>
    /// <param name="order">For each axis of the output the axis of the input: 0 up to one less than there are, each once.</param>
    /// <exception cref="GraphException">The order has an axis twice, or leaves one out.</exception>
    public PermuteOperator(EquatableList<long> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Order = order.Order().SequenceEqual(Enumerable.Range(0, order.Count).Select(axis => (long)axis)) ? order : throw new GraphException(
            $"the order of axes is {order}; allowed are 0 to {order.Count - 1}, each once.");
    }

    /// <summary>For each axis of the output the axis of the input.</summary>
    public EquatableList<long> Order { get; }

    /// <inheritdoc/>
    public override string Name => "permute";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("order", Order)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static PermuteOperator Read(AttributeReader attributes) => new(attributes.Longs("order"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Require.Rank(inputs[0], Order.Count, Order.Count, "input");
        return [.. Order.Select(axis => inputs[0][(int)axis])];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (input, values) = inputs[0];
        var axes = shape.Rank <= StridedWalk.FewAxes ? stackalloc int[2 * StridedWalk.FewAxes] : new int[2 * shape.Rank];
        var strides = axes[..shape.Rank];
        for (var axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = input.Product((int)Order[axis] + 1, input.Rank);
        }

        var walk = new StridedWalk(shape.AsSpan(), axes.Slice(shape.Rank, shape.Rank));
        for (int i = 0, from = 0; i < output.Length; i++)
        {
            output[i] = values[from];
            walk.Next(strides, ref from);
        }
    }
}
