using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// Pooling to a given size. ONNX has it for the size 1 only; windows of equal size are an ordinary pool, others are cut out one by one,
/// axis by axis.
/// </summary>
internal static class AdaptivePools
{
    public static string Write(OperatorScope n, AdaptivePoolOperator pool)
    {
        var isMean = pool.Reduction == Reduction.Mean;
        if (pool.Sizes.All(size => size == SizeExpression.Exactly(1)))
        {
            return n.Op(isMean ? "GlobalAveragePool" : "GlobalMaxPool", [n.Input(0)]);
        }

        var axes = Enumerable.Range(2, pool.Sizes.Count).ToArray();
        var (sizes, places) = (axes.Select(axis => n.FixedSize(0, axis)).ToArray(), axes.Select(axis => n.Out[axis]).ToArray());
        if (sizes.Zip(places).All(axis => axis.First % axis.Second == 0))
        {
            var window = EquatableList.From(sizes.Zip(places).Select(axis => axis.First / axis.Second));
            return n.Op(
                isMean ? "AveragePool" : "MaxPool", [n.Input(0)], OnnxAttribute.Of("kernel_shape", window),
                OnnxAttribute.Of("strides", window));
        }

        return axes.Zip(sizes, places).Aggregate(n.Input(0), (x, axis) => Along(n, x, axis.First, axis.Second, axis.Third, isMean));
    }

    private static string Along(OperatorScope n, string x, int axis, long size, long places, bool isMean)
    {
        var (atAxis, step) = (n.Longs("axis", axis), n.Longs("step", 1));
        var parts = Enumerable.Range(0, (int)places).Select(place =>
        {
            var (first, end) = (place * size / places, (((place + 1) * size) + places - 1) / places);
            var window = n.Op("Slice", [x, n.Longs("first", first), n.Longs("end", end), atAxis, step]);
            return n.Op(isMean ? "ReduceMean" : "ReduceMax", [window, atAxis]);
        }).ToArray();
        return n.Op("Concat", parts, OnnxAttribute.Of("axis", axis));
    }
}
