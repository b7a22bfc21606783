namespace AdaQat.Graph;

/// <summary>
/// Batch normalisation as it is in inference: a scale and a shift of each channel. Inputs: x [N, C, …], then gamma, beta, the running mean
/// and the running variance, each [C], which stay apart so that they can be estimated again or folded into a layer.
/// </summary>
/// <remarks>y[n, c, …] = (x[n, c, …] − mean[c]) / √(var[c] + ε) · gamma[c] + beta[c].</remarks>
public sealed record BatchNormOperator : SingleOutputOperator
{
    /// <summary>Batch normalisation in inference.</summary>
    /// <param name="epsilon">What is added to the variance: finite, 0 and more.</param>
    /// <exception cref="GraphException">It is outside what is allowed.</exception>
    public BatchNormOperator(double epsilon = 1e-5) => Epsilon = Require.NotNegative(epsilon, nameof(epsilon));

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "batch_norm";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("eps", Epsilon, Epsilon == 1e-5)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.BatchNorm;

    internal static BatchNormOperator Read(AttributeReader attributes) => new(attributes.Double("eps"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Require.Rank(inputs[0], 2, int.MaxValue, "input");
        for (var input = 1; input < inputs.Count; input++)
        {
            Require.ShapeIs(inputs[input], [inputs[0][1]], InputsAllowed.NameOf(input));
        }

        return inputs[0];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values, gamma = inputs[1].Values, beta = inputs[2].Values;
        ReadOnlySpan<double> mean = inputs[3].Values, variance = inputs[4].Values;
        var channels = AxisSpan.Of(shape, 1);
        for (var i = 0; i < output.Length; i++)
        {
            var channel = i / channels.Inner % channels.Size;
            output[i] = ((x[i] - mean[channel]) / Math.Sqrt(variance[channel] + Epsilon) * gamma[channel]) + beta[channel];
        }
    }
}
