using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Images in another size.</summary>
/// <remarks>
/// The nearest pixels are read by their numbers, which are known: which one ONNX's <c>Resize</c> takes depends on roundings in which
/// programs differ.
/// </remarks>
internal static class Resizes
{
    public static string Write(OperatorScope n, ResizeOperator resize)
    {
        var axes = Enumerable.Range(2, n.In(0).Rank - 2).ToArray();
        foreach (var axis in axes)
        {
            n.FixedSize(0, axis);
        }

        if (resize.Sizes.FirstOrDefault(size => !size.IsRemaining && SizeInputs.Constant(n, size) is null) is { } open)
        {
            throw n.Refused($"its size {open} follows from the batch; allowed is a fixed batch, "
                + $"{nameof(OnnxOptions)}.{nameof(OnnxOptions.AnyBatch)} = false.");
        }

        return resize.Mode is ResizeMode.Nearest or ResizeMode.NearestExact
            ? axes.Aggregate(n.Input(0), (x, axis) => Nearest(n, resize, x, axis))
            : Between(n, resize, axes.Length);
    }

    private static string Nearest(OperatorScope n, ResizeOperator resize, string x, int axis)
    {
        var (size, places) = (n.In(0)[axis], n.Out[axis]);
        if (size == places && resize.Scales.Count == 0)
        {
            return x;
        }

        // The operator itself says which pixels they are: it is applied to their numbers, in 32 bits as models are.
        var line = GraphTensor.Of([1, 1, size], [.. Enumerable.Range(0, (int)size).Select(pixel => (float)pixel)]);
        var alone = resize.Scales.Count > 0
            ? ResizeOperator.ByScale(resize.Mode, [resize.Scales[axis - 2]])
            : ResizeOperator.ToSize(resize.Mode, [SizeExpression.Exactly(places)]);
        var pixels = alone.Evaluate(line)[0].ToFloat32();
        return n.Op("Gather", [x, n.Longs("pixels", [.. pixels.Select(pixel => (long)pixel)])], OnnxAttribute.Of("axis", axis));
    }

    private static string Between(OperatorScope n, ResizeOperator resize, int axisCount)
    {
        if (axisCount == 3 && resize.Mode == ResizeMode.Cubic)
        {
            throw n.Refused("it is cubic over three axes; programs for ONNX have it over one and two.");
        }

        // Images of one axis get a second one: not every program resizes those.
        var isLine = axisCount == 1;
        var x = isLine ? n.Op("Unsqueeze", [n.Input(0), n.Longs("axis", 2)]) : n.Input(0);
        OnnxAttribute[] attributes =
        [
            OnnxAttribute.Of("mode", resize.Mode == ResizeMode.Linear ? "linear" : "cubic"),
            OnnxAttribute.Of("coordinate_transformation_mode", resize.AlignsCorners ? "align_corners" : "half_pixel"),
            OnnxAttribute.Of("cubic_coeff_a", -0.75),
        ];
        long[] fixedAxes = isLine ? [1] : [];
        string[] told = resize.Scales.Count > 0
            ? ["", n.Floats("scales", [resize.Scales.Count + (isLine ? 3 : 2)],
                [1, 1, .. fixedAxes.Select(axis => (float)axis), .. resize.Scales.Select(scale => (float)scale)])]
            : ["", "", n.Longs("sizes", [.. fixedAxes, .. n.Out.Skip(2)])];
        var result = n.Op("Resize", [x, .. told], resize.Scales.Count > 0 ? attributes
            : [.. attributes, OnnxAttribute.Of("axes", Enumerable.Range(2, axisCount + (isLine ? 1 : 0)).Select(axis => (long)axis))]);
        return isLine ? n.Op("Squeeze", [result, n.Longs("axis_back", 2)]) : result;
    }
}
