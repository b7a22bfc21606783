namespace AdaQat.Graph;

/// <summary>The product of two tensors, element by element.</summary>
/// <remarks>y = a · b.</remarks>
public sealed record MultiplyOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "mul";

    private protected override double Apply(double a, double b) => a * b;
}
