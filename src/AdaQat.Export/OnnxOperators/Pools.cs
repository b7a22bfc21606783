using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Pooling by windows.</summary>
/// <remarks>
/// A last window over the edge is written as padding behind the image, as far as that window reaches: programs differ in what they make of
/// ONNX's <c>ceil_mode</c>.
/// </remarks>
internal static class Pools
{
    public static string Maximum(OperatorScope n, MaxPoolOperator pool) => n.Op("MaxPool", [n.Input(0)],
        [.. Window(n, pool, pool.Dilation), OnnxAttribute.Of("dilations", pool.Dilation)]);

    public static string Average(OperatorScope n, AveragePoolOperator pool)
    {
        var ones = EquatableList.From(pool.Kernel.Select(_ => 1L));
        var countsAll = pool.CountsPadding || pool.Divisor is not null;
        var mean = n.Op("AveragePool", [n.Input(0)],
            [.. Window(n, pool, ones), OnnxAttribute.Of("count_include_pad", countsAll ? 1 : 0)]);
        var elements = pool.Kernel.Aggregate(1L, (product, size) => product * size);
        if (pool.Divisor is { } divisor)
        {
            return n.Op("Mul", [mean, n.Number("factor", elements / (double)divisor)]);
        }

        return pool.CountsPadding && pool.RoundsUp ? Recounted(n, pool, mean, elements) : mean;
    }

    private static OnnxAttribute[] Window(OperatorScope n, PoolOperator pool, EquatableList<long> steps) =>
    [
        OnnxAttribute.Of("kernel_shape", pool.Kernel), OnnxAttribute.Of("strides", pool.Stride),
        OnnxAttribute.Of("pads", [.. pool.Padding, .. Enumerable.Range(0, pool.Kernel.Count).Select(axis => Behind(n, pool, steps, axis))]),
    ];

    /// <summary>How much is put behind an axis.</summary>
    private static long Behind(OperatorScope n, PoolOperator pool, EquatableList<long> steps, int axis)
    {
        if (!pool.RoundsUp)
        {
            return pool.Padding[axis];
        }

        var reach = ((n.Out[axis + 2] - 1) * pool.Stride[axis]) + (steps[axis] * (pool.Kernel[axis] - 1)) + 1;
        var behind = Math.Max(0, reach - n.FixedSize(0, axis + 2) - pool.Padding[axis]);
        return behind < pool.Kernel[axis] ? behind : throw n.Refused(
            $"a window reaches {behind} elements over the edge of axis {axis + 2}; ONNX allows fewer than the {pool.Kernel[axis]} of the "
            + "kernel.");
    }

    /// <summary>Means over all elements of a window, made those over the elements that are in the image and in its own padding.</summary>
    private static string Recounted(OperatorScope n, PoolOperator pool, string mean, long elements)
    {
        var axes = Enumerable.Range(0, pool.Kernel.Count).Select(axis => Counts(n, pool, axis)).ToArray();
        var counts = axes.Aggregate<long[], IEnumerable<long>>(
            [1], (product, axis) => product.SelectMany(count => axis.Select(along => count * along)));
        return n.Op("Mul", [mean, n.Floats(
            "factors", [1, 1, .. axes.Select(axis => (long)axis.Length)], [.. counts.Select(count => (float)(elements / (double)count))])]);
    }

    private static long[] Counts(OperatorScope n, PoolOperator pool, int axis) =>
    [
        .. Enumerable.Range(0, (int)n.Out[axis + 2]).Select(place =>
        {
            var start = (place * pool.Stride[axis]) - pool.Padding[axis];
            return Math.Min(start + pool.Kernel[axis], n.In(0)[axis + 2] + pool.Padding[axis]) - start;
        }),
    ];
}
