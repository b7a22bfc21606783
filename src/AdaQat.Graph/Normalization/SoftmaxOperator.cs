namespace AdaQat.Graph;

/// <summary>The softmax along an axis.</summary>
/// <remarks>y = e^(x − m) / Σ e^(x − m), m being the largest x along the axis.</remarks>
public sealed record SoftmaxOperator : AxisOperator
{
    /// <summary>The softmax.</summary>
    /// <param name="axis">Along which axis, 0 being the first.</param>
    /// <exception cref="GraphException">It is negative.</exception>
    public SoftmaxOperator(int axis)
        : base(axis)
    {
    }

    /// <inheritdoc/>
    public override string Name => "softmax";

    internal static SoftmaxOperator Read(AttributeReader attributes) => new(attributes.Int("axis"));

    private protected override void Apply(Span<double> line, int step)
    {
        var sum = SumOfPowers(line, step, out var largest);
        for (var i = 0; i < line.Length; i += step)
        {
            line[i] = Math.Exp(line[i] - largest) / sum;
        }
    }
}
