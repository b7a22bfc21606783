namespace AdaQat.Graph;

/// <summary>An operator that computes one tensor.</summary>
public abstract record SingleOutputOperator : GraphOperator
{
    private protected SingleOutputOperator()
    {
    }

    private protected sealed override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [OutputShape(inputs)];

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs) =>
        Compute(inputs, outputs[0].Shape, outputs[0].Values);

    /// <summary>The shape rule; the number of inputs is checked.</summary>
    private protected abstract Shape OutputShape(IReadOnlyList<Shape> inputs);

    /// <summary>The formula; the output is zero.</summary>
    private protected abstract void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output);
}
