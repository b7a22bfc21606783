namespace AdaQat.Graph;

/// <summary>The smaller of two tensors, element by element; NaN where one is.</summary>
/// <remarks>y = min(a, b).</remarks>
public sealed record MinimumOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "minimum";

    private protected override double Apply(double a, double b) => Math.Min(a, b);
}
