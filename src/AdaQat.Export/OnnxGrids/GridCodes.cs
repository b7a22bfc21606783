using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>The codes of a tensor on a grid.</summary>
internal static class GridCodes
{
    /// <summary>code = round(x / scale − offset), within the grid's range; 0, or what is nearest to it, where the scale is 0.</summary>
    public static long[] Of(QuantizeOperator grid, GraphTensor tensor)
    {
        var (run, numbers) = (Run(grid, tensor.Shape), tensor.ToFloat64());
        var codes = new long[numbers.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var (scale, offset) = (grid.Scales[i / run % grid.Scales.Count], grid.Offsets[i / run % grid.Scales.Count]);
            var place = scale == 0 ? 0 : Math.Round((numbers[i] / scale) - offset, MidpointRounding.ToEven);
            codes[i] = (long)Math.Min(Math.Max(place, grid.LowestCode), grid.HighestCode);
        }

        return codes;
    }

    /// <summary>How many neighbouring elements have one scale, after which the next follows.</summary>
    public static int Run(QuantizeOperator grid, Shape shape) => grid.GroupSize is { } size ? (int)size
        : grid.Axis is { } axis ? (int)shape.Skip(axis + 1).Aggregate(1L, (product, length) => product * length)
        : (int)Math.Max(1, shape.ElementCount);
}
