using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A quantizer in float32: scale · (min(max(round(x / scale − offset), lowest), highest) + offset).</summary>
internal sealed class FloatQuantizer : IQuantizerWriter
{
    public string Write(OperatorScope n, QuantizeOperator grid)
    {
        GridChecks.NoGroups(n, grid);
        var hasOffset = grid.Offsets.Any(number => number != 0);

        // Programs warn of constants that nothing reads.
        var (scale, offset) = (Along(n, grid, "scale", grid.Scales), hasOffset ? Along(n, grid, "offset", grid.Offsets) : "");
        var place = n.Op("Div", [n.Input(0), scale]);
        var code = n.Op("Round", [hasOffset ? n.Op("Sub", [place, offset]) : place]);
        code = n.Op("Clip", [code, n.Number("lowest", grid.LowestCode), n.Number("highest", grid.HighestCode)]);
        n.HasCodes(code, OnnxElement.Float, 0);
        return n.Op("Mul", [hasOffset ? n.Op("Add", [code, offset]) : code, scale]);
    }

    private static string Along(OperatorScope n, QuantizeOperator grid, string what, EquatableList<double> numbers)
    {
        long[] shape = grid.Axis is { } axis ? [numbers.Count, .. Enumerable.Repeat(1L, n.In(0).Rank - axis - 1)] : [];
        return n.Floats(what, shape, [.. numbers.Select(number => (float)number)]);
    }
}
