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

    /// <summary>Σ e^(x − largest) of a line, whose numbers are so far apart.</summary>
    private protected static double SumOfPowers(ReadOnlySpan<double> line, int step, out double largest)
    {
        largest = double.NegativeInfinity;
        for (var i = 0; i < line.Length; i += step)
        {
            largest = Math.Max(largest, line[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < line.Length; i += step)
        {
            sum += Math.Exp(line[i] - largest);
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
        inputs[0].Values.CopyTo(output);
        var axis = AxisSpan.Of(shape, Axis);
        for (var start = 0; start < axis.Outer * axis.Inner && axis.Size > 0; start++)
        {
            var first = (start / axis.Inner * axis.Size * axis.Inner) + (start % axis.Inner);
            Apply(output.Slice(first, ((axis.Size - 1) * axis.Inner) + 1), axis.Inner);
        }
    }

    /// <summary>The formula, in place.</summary>
    /// <param name="line">The numbers along the axis, from the first to the last.</param>
    /// <param name="step">How far apart they are; what is between belongs to other lines.</param>
    private protected abstract void Apply(Span<double> line, int step);
}
