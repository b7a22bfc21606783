namespace AdaQat.Graph;

/// <summary>
/// An operator that computes each element from the elements of two inputs at the same place. Shapes are broadcast: aligned at the last
/// axis, and 1 stretches to any size. A number is a constant without axes.
/// </summary>
public abstract record ElementwiseOperator : SingleOutputOperator
{
    private protected ElementwiseOperator()
    {
    }

    /// <inheritdoc/>
    public sealed override EquatableList<AttributeValue> Attributes => [];

    internal sealed override OperatorInputs InputsAllowed => OperatorInputs.Two;

    private protected sealed override Shape OutputShape(IReadOnlyList<Shape> inputs) => Broadcasting.Join(inputs[0], inputs[1]);

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> left = inputs[0].Values, right = inputs[1].Values;
        var (leftStrides, rightStrides) = (Broadcasting.Strides(inputs[0].Shape, shape), Broadcasting.Strides(inputs[1].Shape, shape));
        var walk = new StridedWalk(shape);
        for (int i = 0, atLeft = 0, atRight = 0; i < output.Length; i++)
        {
            output[i] = Apply(left[atLeft], right[atRight]);
            walk.Next(leftStrides, ref atLeft, rightStrides, ref atRight);
        }
    }

    /// <summary>The formula.</summary>
    private protected abstract double Apply(double a, double b);
}
