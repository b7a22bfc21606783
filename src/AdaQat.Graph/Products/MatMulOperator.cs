namespace AdaQat.Graph;

/// <summary>Products of matrices. Inputs: a […, M, K] and b […, K, N], whose leading axes are broadcast.</summary>
/// <remarks>y[…, m, n] = Σ_k a[…, m, k] · b[…, k, n].</remarks>
public sealed record MatMulOperator : SingleOutputOperator
{
    /// <inheritdoc/>
    public override string Name => "matmul";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Two;

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var (left, right) = (inputs[0], inputs[1]);
        if (left.Rank < 2 || right.Rank < 2 || left[left.Rank - 1] != right[right.Rank - 2])
        {
            throw new GraphException($"the inputs {left} and {right} can't be multiplied; allowed are […,M,K] and […,K,N].");
        }

        return [.. Broadcasting.Join(Batch(left), Batch(right)), left[left.Rank - 2], right[right.Rank - 1]];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (left, right) = (inputs[0].Shape, inputs[1].Shape);
        var (m, k, n) = ((int)left[left.Rank - 2], (int)left[left.Rank - 1], (int)right[right.Rank - 1]);
        var rank = shape.Rank - 2;
        var axes = rank <= StridedWalk.FewAxes ? stackalloc int[3 * StridedWalk.FewAxes] : new int[3 * rank];
        Span<int> leftStrides = axes[..rank], rightStrides = axes.Slice(rank, rank);
        Broadcasting.Strides(left.AsSpan()[..^2], leftStrides);
        Broadcasting.Strides(right.AsSpan()[..^2], rightStrides);
        ReadOnlySpan<double> a = inputs[0].Values, b = inputs[1].Values;
        var walk = new StridedWalk(shape.AsSpan()[..^2], axes.Slice(2 * rank, rank));
        for (int matrix = 0, atLeft = 0, atRight = 0; matrix < shape.Product(0, rank); matrix++)
        {
            for (var row = 0; row < m; row++)
            {
                var target = output.Slice(((matrix * m) + row) * n, n);
                for (var inner = 0; inner < k; inner++)
                {
                    Rows.AddScaled(target, b.Slice(((atRight * k) + inner) * n, n), a[(((atLeft * m) + row) * k) + inner]);
                }
            }

            walk.Next(leftStrides, ref atLeft, rightStrides, ref atRight);
        }
    }

    private static Shape Batch(Shape shape) => [.. shape.Take(shape.Rank - 2)];
}
