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
        var axes = shape.Rank <= StridedWalk.FewAxes ? stackalloc int[3 * StridedWalk.FewAxes] : new int[3 * shape.Rank];
        Span<int> leftStrides = axes[..shape.Rank], rightStrides = axes.Slice(shape.Rank, shape.Rank);
        Broadcasting.Strides(inputs[0].Shape.AsSpan(), leftStrides);
        Broadcasting.Strides(inputs[1].Shape.AsSpan(), rightStrides);
        var walk = new StridedWalk(shape.AsSpan(), axes.Slice(2 * shape.Rank, shape.Rank));
        for (int i = 0, atLeft = 0, atRight = 0; i < output.Length; i++)
        {
            output[i] = Apply(left[atLeft], right[atRight]);
            walk.Next(leftStrides, ref atLeft, rightStrides, ref atRight);
        }
    }

    /// <summary>The formula.</summary>
    private protected abstract double Apply(double a, double b);
}
