namespace AdaQat.Graph;

/// <summary>A leaky rectifier with learned slopes. Inputs: x [N, C, …] and the slopes, [C] or [1].</summary>
/// <remarks>y[n, c, …] = x where x is above 0, else slope[c] · x.</remarks>
public sealed record PReluOperator : SingleOutputOperator
{
    /// <inheritdoc/>
    public override string Name => "prelu";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Two;

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var (input, slope) = (inputs[0], inputs[1]);
        var channels = input.Rank > 1 ? input[1] : 1;
        return slope.Rank == 1 && (slope[0] == 1 || slope[0] == channels) ? input : throw new GraphException(
            $"the slopes have the shape {slope}; allowed are [1] and [{channels}], as the input {input} has channels.");
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values, slopes = inputs[1].Values;
        var channels = shape.Rank > 1 ? AxisSpan.Of(shape, 1) : new(1, 1, x.Length);
        for (var i = 0; i < output.Length; i++)
        {
            var slope = slopes[slopes.Length == 1 ? 0 : i / channels.Inner % channels.Size];
            output[i] = x[i] > 0 ? x[i] : slope * x[i];
        }
    }
}
