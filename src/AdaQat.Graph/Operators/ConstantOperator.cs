namespace AdaQat.Graph;

/// <summary>A parameter, a buffer or a number of the network: the node's name is its name.</summary>
/// <param name="Value">The numbers.</param>
public sealed record ConstantOperator(GraphTensor Value) : SingleOutputOperator
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("value", Value)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.None;

    internal static ConstantOperator Read(AttributeReader attributes) => new(attributes.Tensor("value"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs) => Value.Shape;

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output) =>
        Value.Numbers().CopyTo(output);
}
