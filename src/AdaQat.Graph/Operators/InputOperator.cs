namespace AdaQat.Graph;

/// <summary>What the graph is given: the node's name is the input's.</summary>
/// <param name="Shape">
/// The shape that the graph was described with. An interpreter takes other sizes too, of as many axes, as far as the operators do.
/// </param>
public sealed record InputOperator(Shape Shape) : GraphOperator
{
    /// <inheritdoc/>
    public override string Name => "input";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("shape", Shape)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.None;

    internal static InputOperator Read(AttributeReader attributes) => new(attributes.Shape("shape"));

    private protected override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [Shape];

    private protected override void Compute(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs) =>
        throw new GraphException("it is an input, which is given and not computed.");
}
