namespace AdaQat.Tests.Support;

/// <summary>A layer's window, the same along both axes.</summary>
/// <param name="Groups">Groups; each channel has its own where there are as many as channels.</param>
internal sealed record LayerGeometry(long Kernel, long Stride, long Padding, int Groups, long Dilation, bool IsTransposed)
{
    /// <summary>Channels of the input.</summary>
    public const int Channels = 4;

    /// <summary>All that are tried, each property's values with all of the others'.</summary>
    public static IReadOnlyList<LayerGeometry> All { get; } =
    [
        .. from kernel in new[] { 1L, 2, 3 }
           from stride in new[] { 1L, 2, 3 }
           from padding in new[] { 0L, 1, 2 }
           from groups in new[] { 1, 2, Channels }
           from dilation in new[] { 1L, 2 }
           from transposed in new[] { false, true }
           select new LayerGeometry(kernel, stride, padding, groups, dilation, transposed),
    ];

    /// <summary>
    /// An eleventh of them for a pair of widths, other ones for each pair: so few that every pair sees every value of every property, and
    /// no more.
    /// </summary>
    public static IEnumerable<LayerGeometry> Some(int weightBits, int activationBits) =>
        All.Where((_, i) => (i + (3 * weightBits) + (5 * activationBits)) % 11 == 0);
}
