namespace AdaQat.Graph;

/// <summary>One number for all elements along some axes.</summary>
public sealed record ReduceOperator : SingleOutputOperator
{
    /// <summary>A reduction.</summary>
    /// <param name="reduction">Mean, sum, largest or smallest.</param>
    /// <param name="axes">Over which axes, 0 being the first; none for none, each once.</param>
    /// <param name="keepsAxes">Whether those axes stay, with the size 1.</param>
    /// <exception cref="GraphException">An attribute is outside what is allowed.</exception>
    public ReduceOperator(Reduction reduction, EquatableList<long> axes, bool keepsAxes = false) => (Reduction, ReducedAxes, KeepsAxes) =
        (Require.Defined(reduction, nameof(reduction)), Axes.Distinct(axes, nameof(reduction)), keepsAxes);

    /// <summary>Mean, sum, largest or smallest.</summary>
    public Reduction Reduction { get; }

    /// <summary>Over which axes, 0 being the first.</summary>
    public EquatableList<long> ReducedAxes { get; }

    /// <summary>Whether those axes stay, with the size 1.</summary>
    public bool KeepsAxes { get; }

    /// <summary>For example <c>reduce_mean</c>.</summary>
    public override string Name => $"reduce_{SnakeCase.Of(Reduction)}";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("axes", ReducedAxes), new("keep", KeepsAxes, !KeepsAxes)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.One;

    internal static ReduceOperator Read(Reduction reduction, AttributeReader attributes) =>
        new(reduction, attributes.Longs("axes"), attributes.Flag("keep"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        var reduced = Reduced(input);
        return reduced != input && input.ElementCount == 0
            ? throw new GraphException($"the input {input} has no elements to reduce.")
            : KeepsAxes ? reduced : [.. input.Where((_, axis) => !ReducedAxes.Contains(axis))];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        var (input, values) = inputs[0];
        var axes = input.Rank <= StridedWalk.FewAxes ? stackalloc int[2 * StridedWalk.FewAxes] : new int[2 * input.Rank];
        var strides = axes[..input.Rank];
        for (int axis = input.Rank - 1, stride = 1; axis >= 0; axis--)
        {
            var stays = !ReducedAxes.AsSpan().Contains(axis);
            strides[axis] = stays ? stride : 0;
            stride *= stays ? (int)input[axis] : 1;
        }

        output.Fill(Reduction switch
        {
            Reduction.Max => double.NegativeInfinity,
            Reduction.Min => double.PositiveInfinity,
            _ => 0,
        });
        var walk = new StridedWalk(input.AsSpan(), axes.Slice(input.Rank, input.Rank));
        for (int i = 0, to = 0; i < values.Length; i++)
        {
            output[to] = Reduction switch
            {
                Reduction.Max => Math.Max(output[to], values[i]),
                Reduction.Min => Math.Min(output[to], values[i]),
                _ => output[to] + values[i],
            };
            walk.Next(strides, ref to);
        }

        for (var i = 0; i < output.Length && Reduction == Reduction.Mean; i++)
        {
            output[i] /= values.Length / output.Length;
        }
    }

    private Shape Reduced(Shape input)
    {
        foreach (var axis in ReducedAxes)
        {
            Axes.Check((int)Math.Min(axis, int.MaxValue), input);
        }

        return [.. input.Select((size, axis) => ReducedAxes.Contains(axis) ? 1 : size)];
    }
}
