namespace AdaQat.Graph;

/// <summary>The rectifier.</summary>
/// <remarks>y = max(x, 0).</remarks>
public sealed record ReluOperator : PointwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "relu";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    private protected override double Apply(double x) => Math.Max(x, 0);
}
