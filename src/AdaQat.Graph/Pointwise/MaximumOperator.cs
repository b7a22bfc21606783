namespace AdaQat.Graph;

/// <summary>The larger of two tensors, element by element; NaN where one is.</summary>
/// <remarks>y = max(a, b).</remarks>
public sealed record MaximumOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "maximum";

    private protected override double Apply(double a, double b) => Math.Max(a, b);
}
