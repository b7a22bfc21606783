using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// How codes of a grid are stored as integers of a type that ONNX has: stored = factor · code + shift, and the value is
/// scale / factor · (stored − zero point), plus scale · addition where that is needed.
/// </summary>
/// <param name="Type">The integers' type.</param>
/// <param name="Factor">1, or 2 where offsets are halves.</param>
/// <param name="Shifts">A shift for each scale.</param>
/// <param name="ZeroPoints">A zero point for each scale.</param>
/// <param name="Additions">What is added for each scale, in steps of the grid; null for nothing.</param>
internal sealed record StoredGrid(OnnxElement Type, long Factor, long[] Shifts, long[] ZeroPoints, double[]? Additions = null)
{
    private static readonly OnnxElement[][] ByBits =
    [
        [OnnxElement.Int2, OnnxElement.UInt2],
        [OnnxElement.Int4, OnnxElement.UInt4],
        [OnnxElement.Int8, OnnxElement.UInt8],
        [OnnxElement.Int16],
    ];

    /// <summary>The version of the operators that dequantizes the type.</summary>
    public int Opset => Type switch
    {
        OnnxElement.Int2 or OnnxElement.UInt2 => 25,
        OnnxElement.Int4 or OnnxElement.UInt4 or OnnxElement.Int16 => 21,
        _ => OnnxOptions.LowestOpset,
    };

    /// <summary>In as few bits as ONNX allows; null where no type holds the codes.</summary>
    /// <remarks>
    /// Halves are added in float32, which takes no bit more. So is a whole offset of two-bit integers, because ONNX Runtime makes of those,
    /// if nothing is added, a convolution that it can't compute.
    /// </remarks>
    public static StoredGrid? Smallest(QuantizeOperator grid, int fewestBits = 2, bool prefersUnsigned = false)
    {
        if (WholeNumbers(grid) is { } whole)
        {
            return whole;
        }

        var codes = (Int128)grid.HighestCode - grid.LowestCode + 1;
        if (ByBits.FirstOrDefault(types => OnnxTensor.Bits(types[0]) >= fewestBits && codes <= (Int128)1 << OnnxTensor.Bits(types[0]))
            is not { } fitting)
        {
            return null;
        }

        fitting = prefersUnsigned && OnnxTensor.Bits(fitting[0]) == 8 ? [OnnxElement.UInt8, OnnxElement.Int8] : fitting;
        var candidates = fitting.Select(type => (Type: type, Shift: ShiftInto(type, grid)))
            .Concat(fitting.Select(type => (Type: type, Shift: Lowest(type) - grid.LowestCode))).ToList();
        var allowsZeroPoints = OnnxTensor.Bits(fitting[0]) > 2 && grid.Offsets.All(double.IsInteger);
        foreach (var (type, shift) in candidates.Where(_ => allowsZeroPoints))
        {
            var zeroPoints = grid.Offsets.Select(offset => shift - (long)offset).ToArray();
            if (zeroPoints.All(point => point >= Lowest(type) && point <= Highest(type)))
            {
                return new(type, 1, Same(shift, grid), zeroPoints);
            }
        }

        var chosen = candidates.FirstOrDefault(
            candidate => grid.Offsets.Any(offset => offset != candidate.Shift), candidates[0]);
        return new(
            chosen.Type, 1, Same(chosen.Shift, grid), Same(0, grid), [.. grid.Offsets.Select(offset => offset - chosen.Shift)]);
    }

    /// <summary>In unsigned bytes around 128, if that is the grid; else null.</summary>
    public static StoredGrid? UnsignedBytes(QuantizeOperator grid) =>
        grid is { LowestCode: 0, HighestCode: byte.MaxValue } && grid.Offsets.All(offset => offset == -128)
            ? new(OnnxElement.UInt8, 1, Same(0, grid), Same(128, grid)) : null;

    /// <summary>In signed bytes around zero, which programs multiply as they are; null where codes don't fit.</summary>
    public static StoredGrid? SignedBytes(QuantizeOperator grid)
    {
        var factor = grid.Offsets.All(double.IsInteger) ? 1 : 2;
        var fits = grid.Offsets.All(offset => factor * (grid.LowestCode + offset) >= sbyte.MinValue
            && factor * (grid.HighestCode + offset) <= sbyte.MaxValue);
        return fits ? new(OnnxElement.Int8, factor, [.. grid.Offsets.Select(offset => (long)(factor * offset))], Same(0, grid)) : null;
    }

    /// <summary>What is stored of a tensor.</summary>
    public long[] Of(QuantizeOperator grid, GraphTensor tensor)
    {
        var (run, codes) = (GridCodes.Run(grid, tensor.Shape), GridCodes.Of(grid, tensor));
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (Factor * codes[i]) + Shifts[i / run % Shifts.Length];
        }

        return codes;
    }

    /// <summary>The largest magnitude that can be stored.</summary>
    public long Largest(QuantizeOperator grid) => Shifts.Max(shift => Math.Max(
        Math.Abs((Factor * grid.LowestCode) + shift), Math.Abs((Factor * grid.HighestCode) + shift)));

    /// <summary>Biases, whose grids have as many codes as an accumulator.</summary>
    private static StoredGrid? WholeNumbers(QuantizeOperator grid) =>
        grid.HighestCode - (Int128)grid.LowestCode > ushort.MaxValue && grid.LowestCode >= int.MinValue && grid.HighestCode <= int.MaxValue
            && grid.Offsets.All(offset => offset == 0)
            ? new(OnnxElement.Int32, 1, Same(0, grid), Same(0, grid))
            : null;

    private static long ShiftInto(OnnxElement type, QuantizeOperator grid) =>
        grid.LowestCode >= Lowest(type) && grid.HighestCode <= Highest(type) ? 0 : Lowest(type) - grid.LowestCode;

    private static bool IsSigned(OnnxElement type) => type is OnnxElement.Int2 or OnnxElement.Int4 or OnnxElement.Int8 or OnnxElement.Int16;

    private static long Lowest(OnnxElement type) => IsSigned(type) ? -(1L << (OnnxTensor.Bits(type) - 1)) : 0;

    private static long Highest(OnnxElement type) => Lowest(type) + (1L << OnnxTensor.Bits(type)) - 1;

    private static long[] Same(long number, QuantizeOperator grid) => [.. Enumerable.Repeat(number, grid.Scales.Count)];
}
