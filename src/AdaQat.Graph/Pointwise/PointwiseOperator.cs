namespace AdaQat.Graph;

/// <summary>An operator that computes each element from the element of its one input at the same place.</summary>
public abstract record PointwiseOperator : SingleOutputOperator
{
    private protected PointwiseOperator()
    {
    }

    internal sealed override OperatorInputs InputsAllowed => OperatorInputs.One;

    private protected sealed override Shape OutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values;
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = Apply(x[i]);
        }
    }

    /// <summary>The formula.</summary>
    private protected abstract double Apply(double x);
}
