namespace AdaQat.Graph;

/// <summary>The quotient of two tensors, element by element.</summary>
/// <remarks>y = a / b.</remarks>
public sealed record DivideOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "div";

    private protected override double Apply(double a, double b) => a / b;
}
