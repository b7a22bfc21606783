namespace AdaQat.Graph;

/// <summary>The largest number of each window. Input: x [N, C, …] of one to three axes.</summary>
/// <remarks>y[n, c, o] = max_k x[n, c, o · stride − padding + k · dilation] over what is in the image; NaN if one is.</remarks>
public sealed record MaxPoolOperator : PoolOperator
{
    /// <summary>Maximum pooling.</summary>
    /// <param name="kernel">How many elements a window has: one number for each axis, 1 and more.</param>
    /// <param name="stride">How far apart neighbouring windows are: as many numbers, 1 and more.</param>
    /// <param name="padding">By how much the image is widened on both sides: as many numbers, 0 up to half of the kernel.</param>
    /// <param name="dilation">How far apart a window's elements are: as many numbers, 1 and more.</param>
    /// <param name="roundsUp">Whether a last window that reaches over the edge counts, PyTorch's <c>ceil_mode</c>.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public MaxPoolOperator(
        EquatableList<long> kernel, EquatableList<long> stride, EquatableList<long> padding, EquatableList<long> dilation,
        bool roundsUp = false)
        : base(kernel, stride, padding, roundsUp) =>
        Dilation = Require.AsMany(Require.Spatial(dilation, 1, "dilation"), kernel, "dilation");

    /// <summary>How far apart a window's elements are, axis by axis.</summary>
    public EquatableList<long> Dilation { get; }

    /// <summary><c>max_pool1d</c>, <c>max_pool2d</c> or <c>max_pool3d</c>.</summary>
    public override string Name => $"max_pool{Kernel.Count}d";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes =>
    [
        new("kernel", Kernel),
        new("stride", Stride),
        new("padding", Padding, Padding.All(padding => padding == 0)),
        new("dilation", Dilation, Dilation.All(dilation => dilation == 1)),
        new("ceil_mode", RoundsUp, !RoundsUp),
    ];

    private protected override long StepOf(int axis) => Dilation[axis];

    internal static MaxPoolOperator Read(AttributeReader attributes) => new(
        attributes.Longs("kernel"), attributes.Longs("stride"), attributes.Longs("padding"), attributes.Longs("dilation"),
        attributes.Flag("ceil_mode"));

    private protected override double Pool(
        ReadOnlySpan<double> plane, ImageShape x, PoolWindow depth, PoolWindow height, PoolWindow width) =>
        WindowMaximum.Of(plane, x, depth, height, width);
}
