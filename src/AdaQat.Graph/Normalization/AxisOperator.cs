namespace AdaQat.Graph;

/// <summary>An operator that computes all elements along an axis from each other.</summary>
public abstract record AxisOperator : SingleOutputOperator
{
    private protected AxisOperator(int axis) => Axis = (int)Require.AtLeast(axis, 0, nameof(axis));

    /// <summary>Along which axis, 0 being the first.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    public sealed override EquatableList<AttributeValue> Attributes => [new("axis", (long)Axis)];

    internal sealed override OperatorInputs InputsAllowed => OperatorInputs.One;

    /// <summary>Σ e^(x − largest).</summary>
    private protected static double SumOfPowers(ReadOnlySpan<double> line, out double largest)
    {
        largest = double.NegativeInfinity;
        foreach (var number in line)
        {
            largest = Math.Max(largest, number);
        }

        var sum = 0.0;
        foreach (var number in line)
        {
            sum += Math.Exp(number - largest);
        }

        return sum;
    }

    private protected sealed override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Axes.Check(Axis, inputs[0]);
        return inputs[0];
    }

    private protected sealed override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values;
        var axis = AxisSpan.Of(shape, Axis);
        var line = new double[axis.Size];
        for (var start = 0; start < axis.Outer * axis.Inner; start++)
        {
            var first = (start / axis.Inner * axis.Size * axis.Inner) + (start % axis.Inner);
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = x[first + (i * axis.Inner)];
            }

            Apply(line);
            for (var i = 0; i < line.Length; i++)
            {
                output[first + (i * axis.Inner)] = line[i];
            }
        }
    }

    /// <summary>The formula, in place.</summary>
    private protected abstract void Apply(Span<double> line);
}
