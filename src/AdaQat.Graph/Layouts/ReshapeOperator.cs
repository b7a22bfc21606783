namespace AdaQat.Graph;

/// <summary>
/// The same elements, in the same order, along other axes: flattening, views, squeezing. Inputs: x, and then any whose sizes are needed.
/// </summary>
/// <remarks>y = x, read in row-major order.</remarks>
public sealed record ReshapeOperator : SingleOutputOperator
{
    /// <summary>A reshape.</summary>
    /// <param name="sizes">
    /// One for each axis of the output; one may be <see cref="SizeExpression.Remaining"/>. <see cref="ReshapeSizes"/> reads them off a
    /// reshape that was seen.
    /// </param>
    public ReshapeOperator(EquatableList<SizeExpression> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Sizes = sizes;
    }

    /// <summary>One for each axis of the output.</summary>
    public EquatableList<SizeExpression> Sizes { get; }

    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("sizes", Sizes)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.WithShapes;

    internal static ReshapeOperator Read(AttributeReader attributes) => new(attributes.Sizes("sizes"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs) => ReshapeSizes.Resolve(inputs[0], inputs, Sizes);

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output) =>
        inputs[0].Values.CopyTo(output);
}
