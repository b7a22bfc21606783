namespace AdaQat.Graph;

/// <summary>The mean of each window. Input: x [N, C, …] of one to three axes.</summary>
/// <remarks>
/// y[n, c, o] = Σ_k x[n, c, o · stride − padding + k] / d, x being 0 in the padding. d is the divisor if there is one; else how many
/// elements of the window are in the image, with those in the padding if that counts.
/// </remarks>
public sealed record AveragePoolOperator : PoolOperator
{
    /// <summary>Average pooling.</summary>
    /// <param name="kernel">How many elements a window has: one number for each axis, 1 and more.</param>
    /// <param name="stride">How far apart neighbouring windows are: as many numbers, 1 and more.</param>
    /// <param name="padding">By how many zeros the image is widened on both sides: as many numbers, 0 up to half of the kernel.</param>
    /// <param name="roundsUp">Whether a last window that reaches over the edge counts, PyTorch's <c>ceil_mode</c>.</param>
    /// <param name="countsPadding">Whether zeros of the padding count as elements, PyTorch's <c>count_include_pad</c>.</param>
    /// <param name="divisor">What sums are divided by in every case, 1 and more, PyTorch's <c>divisor_override</c>; null for none.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public AveragePoolOperator(
        EquatableList<long> kernel, EquatableList<long> stride, EquatableList<long> padding, bool roundsUp = false,
        bool countsPadding = true, long? divisor = null)
        : base(kernel, stride, padding, roundsUp) =>
        (CountsPadding, Divisor) = (countsPadding, divisor is { } given ? Require.AtLeast(given, 1, nameof(divisor)) : null);

    /// <summary>Whether zeros of the padding count as elements.</summary>
    public bool CountsPadding { get; }

    /// <summary>What sums are divided by in every case; null for the number of elements.</summary>
    public long? Divisor { get; }

    /// <summary><c>avg_pool1d</c>, <c>avg_pool2d</c> or <c>avg_pool3d</c>.</summary>
    public override string Name => $"avg_pool{Kernel.Count}d";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("kernel", Kernel),
        new("stride", Stride),
        new("padding", Padding, Padding.All(padding => padding == 0)),
        new("ceil_mode", RoundsUp, !RoundsUp),
        new("count_include_pad", CountsPadding, CountsPadding || Padding.All(padding => padding == 0)),
        new("divisor", Divisor, Divisor is null),
    ];

    internal static AveragePoolOperator Read(AttributeReader attributes) => new(
        attributes.Longs("kernel"), attributes.Longs("stride"), attributes.Longs("padding"), attributes.Flag("ceil_mode"),
        attributes.Flag("count_include_pad"), attributes.OptionalLong("divisor"));

    private protected override double Pool(ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width)
    {
        var sum = WindowSum.Of(plane, x, depth, height, width);
        return sum / (Divisor ?? (CountsPadding
            ? depth.PaddedSize * height.PaddedSize * width.PaddedSize
            : depth.Size * height.Size * width.Size));
    }
}
