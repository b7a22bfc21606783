namespace AdaQat.Graph;

/// <summary>A power of each element.</summary>
/// <remarks>y = a^b.</remarks>
public sealed record PowerOperator : ElementwiseOperator
{
    /// <inheritdoc/>
    public override string Name => "pow";

    private protected override double Apply(double a, double b) => Math.Pow(a, b);
}
