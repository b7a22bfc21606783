namespace AdaQat.Graph;

/// <summary>The sum of two tensors, element by element.</summary>
/// <remarks>y = a + b.</remarks>
public sealed record AddOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "add";

    private protected override double Apply(double a, double b) => a + b;
}
