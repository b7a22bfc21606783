namespace AdaQat.Graph;

/// <summary>A linear layer. Inputs: x […, K], w [M, K], and b [M] if it has a bias.</summary>
/// <remarks>y[…, m] = b[m] + Σ_k x[…, k] · w[m, k].</remarks>
public sealed record LinearOperator : SingleOutputOperator
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Weighted;

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var (input, weight) = (inputs[0], inputs[1]);
        Require.Rank(weight, 2, 2, "weight");
        if (input.Rank == 0 || input[input.Rank - 1] != weight[1])
        {
            throw new GraphException($"the input {input} does not end with the {weight[1]} features that the weight {weight} is for.");
        }

        if (inputs.Count == 3)
        {
            Require.ShapeIs(inputs[2], [weight[0]], "bias");
        }

        return input.With(input.Rank - 1, weight[0]);
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (rows, columns) = ((int)inputs[1].Shape[0], (int)inputs[1].Shape[1]);
        ReadOnlySpan<double> x = inputs[0].Values, w = inputs[1].Values, biases = inputs.Length == 3 ? inputs[2].Values : default;
        for (var i = 0; i < output.Length; i++)
        {
            var (sample, row) = Math.DivRem(i, rows);
            var bias = biases.IsEmpty ? 0 : biases[row];
            output[i] = Rows.Dot(x.Slice(sample * columns, columns), w.Slice(row * columns, columns)) + bias;
        }
    }
}
