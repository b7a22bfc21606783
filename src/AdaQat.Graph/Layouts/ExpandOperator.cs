namespace AdaQat.Graph;

/// <summary>
/// Repeats a tensor along axes where it has the size 1, such as a class token for each image of a batch. Inputs: x, and then any whose
/// sizes are needed.
/// </summary>
/// <remarks>y[i, j, …] = x[i or 0, j or 0, …]; axes that x lacks are put in front.</remarks>
public sealed record ExpandOperator : SingleOutputOperator
{
    /// <summary>An expansion.</summary>
    /// <param name="sizes">
    /// One for each axis of the output, at least as many as the input has; <see cref="SizeExpression.Remaining"/> for the input's size
    /// there.
    /// </param>
    public ExpandOperator(EquatableList<SizeExpression> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Sizes = sizes;
    }

    /// <summary>One for each axis of the output.</summary>
    public EquatableList<SizeExpression> Sizes { get; }

    /// <inheritdoc/>
    public override string Name => "expand";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("sizes", Sizes)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.WithShapes;

    internal static ExpandOperator Read(AttributeReader attributes) => new(attributes.Sizes("sizes"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        var added = Sizes.Count - input.Rank;
        Shape shape = added < 0
            ? throw new GraphException($"its sizes {Sizes} are fewer than the axes of the input {input}.")
            : [.. Sizes.Select((size, axis) => !size.IsRemaining ? size.Value(inputs) : axis >= added ? input[axis - added]
                : throw new GraphException($"its sizes {Sizes} have −1 where the input {input} has no axis."))];
        return input.Select((size, axis) => size == 1 || size == shape[axis + added]).All(fits => fits) ? shape : throw new GraphException(
            $"the input {input} can't be expanded to {shape}; only axes of size 1 can.");
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var axes = shape.Rank <= StridedWalk.FewAxes ? stackalloc int[2 * StridedWalk.FewAxes] : new int[2 * shape.Rank];
        var (input, values) = inputs[0];
        var strides = axes[..shape.Rank];
        Broadcasting.Strides(input.AsSpan(), strides);
        var walk = new StridedWalk(shape.AsSpan(), axes.Slice(shape.Rank, shape.Rank));
        for (int i = 0, from = 0; i < output.Length; i++)
        {
            output[i] = values[from];
            walk.Next(strides, ref from);
        }
    }
}
