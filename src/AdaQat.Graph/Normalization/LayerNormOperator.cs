namespace AdaQat.Graph;

/// <summary>
/// Layer normalisation over the last axes. Inputs: x; if they are learned gamma, and beta, of the shape of those axes.
/// </summary>
/// <remarks>y = (x − mean) / √(variance + ε) · gamma + beta; mean and variance over the normalised axes.</remarks>
public sealed record LayerNormOperator : SingleOutputOperator
{
    /// <summary>Layer normalisation.</summary>
    /// <param name="axisCount">How many of the last axes are normalised over: 1 and more.</param>
    /// <param name="epsilon">What is added to the variance: finite, 0 and more.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public LayerNormOperator(int axisCount = 1, double epsilon = 1e-5) => (AxisCount, Epsilon) =
        ((int)Require.AtLeast(axisCount, 1, "number of axes"), Require.NotNegative(epsilon, nameof(epsilon)));

    /// <summary>How many of the last axes are normalised over.</summary>
    public int AxisCount { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "layer_norm";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
        [new("axis_count", (long)AxisCount, AxisCount == 1), new("eps", Epsilon, Epsilon == 1e-5)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Scaled;

    internal static LayerNormOperator Read(AttributeReader attributes) => new(attributes.Int("axis_count"), attributes.Double("eps"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Require.Rank(inputs[0], AxisCount, int.MaxValue, "input");
        for (var input = 1; input < inputs.Count; input++)
        {
            Require.ShapeIs(inputs[input], Normalised(inputs[0]), InputsAllowed.NameOf(input));
        }

        return inputs[0];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values;
        var gamma = inputs.Length > 1 ? inputs[1].Values : default;
        var beta = inputs.Length > 2 ? inputs[2].Values : default;
        var length = shape.Product(shape.Rank - AxisCount, shape.Rank);
        for (var start = 0; start < output.Length; start += length)
        {
            Standardization.Apply(x.Slice(start, length), output.Slice(start, length), Epsilon);
        }

        for (var i = 0; i < output.Length && inputs.Length > 1; i++)
        {
            output[i] = (output[i] * gamma[i % length]) + (inputs.Length > 2 ? beta[i % length] : 0);
        }
    }

    private Shape Normalised(Shape input) => [.. input.Skip(input.Rank - AxisCount)];
}
