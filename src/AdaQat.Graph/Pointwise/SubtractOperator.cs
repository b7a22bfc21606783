namespace AdaQat.Graph;

/// <summary>The difference of two tensors, element by element.</summary>
/// <remarks>y = a − b.</remarks>
public sealed record SubtractOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "sub";

    private protected override double Apply(double a, double b) => a - b;
}
