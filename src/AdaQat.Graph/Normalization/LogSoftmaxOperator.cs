namespace AdaQat.Graph;

/// <summary>The logarithm of the softmax along an axis.</summary>
/// <remarks>y = x − m − log Σ e^(x − m), m being the largest x along the axis.</remarks>
public sealed record LogSoftmaxOperator : AxisOperator
{
    /// <summary>The logarithm of the softmax.</summary>
    /// <param name="axis">Along which axis, 0 being the first.</param>
    /// <exception cref="GraphException">It is negative.</exception>
    public LogSoftmaxOperator(int axis)
        : base(axis)
    {
    }

    /// <inheritdoc/>
    public override string Name => "log_softmax";

    internal static LogSoftmaxOperator Read(AttributeReader attributes) => new(attributes.Int("axis"));

    private protected override void Apply(Span<double> line, int step)
    {
        var sum = SumOfPowers(line, step, out var largest);
        for (var i = 0; i < line.Length; i += step)
        {
            line[i] = line[i] - largest - Math.Log(sum);
        }
    }
}
