using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A quantizer to bytes and back, limited in between where the grid is narrower: <c>QuantizeLinear</c>, <c>Clip</c>,
/// <c>DequantizeLinear</c>. A grid whose zero is no byte, or that has halves, is computed in float32.
/// </summary>
internal sealed class ByteQuantizer : IQuantizerWriter
{
    private readonly FloatQuantizer _floats = new();

    /// <summary>What is added to a code to make a byte of it.</summary>
    public static long Shift(QuantizeOperator grid) => Math.Max(0, -grid.LowestCode);

    public static bool Fits(QuantizeOperator grid) => grid.GroupSize is null && grid.Offsets.All(double.IsInteger)
        && grid.Scales.All(scale => (float)scale > 0) && grid.HighestCode + Shift(grid) <= byte.MaxValue
        && grid.Offsets.All(offset => Shift(grid) - offset is >= 0 and <= byte.MaxValue);

    public string Write(OperatorScope n, QuantizeOperator grid)
    {
        if (!Fits(grid))
        {
            return _floats.Write(n, grid);
        }

        var shift = Shift(grid);
        long[] shape = grid.Axis is null ? [] : [grid.Scales.Count];
        OnnxAttribute[] axis = grid.Axis is { } channels ? [OnnxAttribute.Of("axis", channels)] : [];
        var scale = n.Floats("scale", shape, [.. grid.Scales.Select(number => (float)number)]);
        var zeroPoint = n.Integers("zero_point", OnnxElement.UInt8, shape, [.. grid.Offsets.Select(offset => shift - (long)offset)]);
        var code = n.Op("QuantizeLinear", [n.Input(0), scale, zeroPoint], axis);
        var (lowest, highest) = (grid.LowestCode + shift, grid.HighestCode + shift);
        if (lowest > 0 || highest < byte.MaxValue)
        {
            code = n.Op("Clip",
                [code, n.Integers("lowest", OnnxElement.UInt8, [], lowest), n.Integers("highest", OnnxElement.UInt8, [], highest)]);
        }

        n.HasCodes(code, OnnxElement.UInt8, shift);
        return n.Op("DequantizeLinear", [code, scale, zeroPoint], axis);
    }
}
