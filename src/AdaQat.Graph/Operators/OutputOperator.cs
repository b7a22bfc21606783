namespace AdaQat.Graph;

/// <summary>What the graph hands out: the node's name is the output's. It has one input and no value of its own.</summary>
public sealed record OutputOperator : GraphOperator
{
    /// <inheritdoc/>
    public override string Name => "output";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    private protected override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [];

    private protected override void Compute(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)
    {
    }
}
