namespace AdaQat.Graph;

/// <summary>Rows of a table. Inputs: x […], whole numbers from 0 to K − 1, and w [K, C].</summary>
/// <remarks>y[…, c] = w[x[…], c].</remarks>
public sealed record EmbeddingOperator : SingleOutputOperator
{
    /// <inheritdoc/>
    public override string Name => "embedding";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Table;

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Require.Rank(inputs[1], 2, 2, "weight");
        return [.. inputs[0], inputs[1][1]];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (_, numbers) = inputs[0];
        var (table, weight) = inputs[1];
        var (rows, width) = ((int)table[0], (int)table[1]);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!(numbers[i] >= 0 && numbers[i] < rows && double.IsInteger(numbers[i])))
            {
                throw new GraphException(FormattableString.Invariant(
                    $"the row {numbers[i]} is read, element {i} of its input; allowed are whole numbers from 0 to {rows - 1}."));
            }

            weight.Slice((int)numbers[i] * width, width).CopyTo(output[(i * width)..]);
        }
    }
}
