using System.Numerics;
using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// A layer's weights as the runtime has them, and the real number that the integer 1 of each output's weights stands for.
/// </summary>
internal sealed record LayerWeights(IntegerWeights Weights, IReadOnlyList<Rational> Units)
{
    /// <summary>The weights of a convolution [outputs, inputs of a group, window…] or a linear layer [outputs, inputs].</summary>
    public static LayerWeights Of(GraphNode layer, QuantizeOperator grid, GraphTensor values)
    {
        var (shape, taps) = (values.Shape, Taps(values.Shape));
        var inputs = shape[1];
        long[] sizes = [shape[0], .. shape.Skip(2), inputs];
        return Make(layer, grid, values, new(sizes), (o, tap, c) => (((o * inputs) + c) * taps) + tap, o => grid.Axis switch
        {
            null => 0,
            0 when grid.GroupSize is null => (int)o,
            0 when inputs * taps <= grid.GroupSize => (int)o,
            0 => throw Fault(layer, $"its weight has a scale for each group of {grid.GroupSize} weights, and integers of several scales "
                + "have no sum; quantize it by tensor or by channel, or leave the layer in float and allow float islands."),
            _ => throw Fault(layer, $"its weight has a scale along axis {grid.Axis}; allowed are scales by tensor and by output."),
        });
    }

    /// <summary>The weights of a transposed convolution [inputs, outputs of a group, window…].</summary>
    public static LayerWeights OfTransposed(GraphNode layer, QuantizeOperator grid, GraphTensor values, long groups)
    {
        var (shape, taps, outputs) = (values.Shape, Taps(values.Shape), values.Shape[1]);
        var inputs = shape[0] / groups;
        long[] sizes = [outputs * groups, .. shape.Skip(2), inputs];
        return Make(layer, grid, values, new(sizes),
            (o, tap, c) => ((((o / outputs * inputs) + c) * outputs) + (o % outputs)) * taps + tap,
            o => grid.Axis is null || (grid.Scales.Distinct().Count() == 1 && grid.Offsets.Distinct().Count() == 1) ? 0
                : grid.Axis == 1 ? (int)(o % outputs)
                : throw Fault(layer, "its weight has a scale for each input, and integers of several scales have no sum; quantize a "
                    + "transposed convolution by tensor."));
    }

    private static LayerWeights Make(
        GraphNode layer, QuantizeOperator grid, GraphTensor values, Shape shape, Func<long, long, long, long> source,
        Func<long, int> scaleOf)
    {
        if (grid.Bits > 8)
        {
            throw Fault(layer, $"its weight has codes of {grid.Bits} bits; allowed are 1 to 8.");
        }

        var (outputs, inputs) = (shape[0], shape[shape.Rank - 1]);
        var (taps, numbers) = (shape.ElementCount / outputs / inputs, values.ToFloat64());
        var multiplier = grid.Offsets.All(double.IsInteger) ? 1 : 2;
        var (codes, offsets, units) = (new byte[shape.ElementCount], new int[outputs], new Rational[outputs]);
        for (var o = 0L; o < outputs; o++)
        {
            var (scale, offset) = (grid.Scales[scaleOf(o)], grid.Offsets[scaleOf(o)]);
            units[o] = Rational.Of(scale) / multiplier;
            var least = multiplier * (grid.LowestCode + offset);
            offsets[o] = Math.Abs(least) <= 1024 ? (int)least : throw Fault(
                layer, $"its weight's grid begins at {grid.LowestCode + offset} steps; allowed are -1024 to 1024, halves to 512.");
            for (var tap = 0L; tap < taps; tap++)
            {
                for (var c = 0L; c < inputs; c++)
                {
                    var code = scale == 0 ? grid.LowestCode : Math.Round((numbers[source(o, tap, c)] / scale) - offset);
                    code = Math.Clamp(code, grid.LowestCode, grid.HighestCode);
                    codes[(((o * taps) + tap) * inputs) + c] = (byte)(code - grid.LowestCode);
                }
            }
        }

        offsets = offsets.Distinct().Count() == 1 ? offsets[..1] : offsets;
        return new(WithLevels(shape, codes, grid.Bits, multiplier, offsets) ?? new(shape, codes, grid.Bits, multiplier, offsets), units);
    }

    /// <summary>
    /// Weights that have few of their grid's values, as powers of two do: fewer bits and a table of levels, where that takes fewer bytes;
    /// else null.
    /// </summary>
    private static IntegerWeights? WithLevels(Shape shape, byte[] codes, int bits, int multiplier, int[] offsets)
    {
        byte[] used = [.. codes.Distinct().Order()];
        var fewer = used.Length < 2 ? 1 : BitOperations.Log2((uint)used.Length - 1) + 1;
        int[] levels = [.. used.Select(code => (multiplier * code) + offsets[0])];
        if (offsets.Length > 1 || levels[0] < sbyte.MinValue || levels[^1] > sbyte.MaxValue
            || (long)codes.Length * (bits - fewer) <= 8L << fewer)
        {
            return null;
        }

        var places = new byte[256];
        foreach (var (place, code) in used.Index())
        {
            places[code] = (byte)place;
        }

        return new(shape, [.. codes.Select(code => places[code])], fewer,
            [.. levels.Concat(Enumerable.Repeat(levels[^1], (1 << fewer) - levels.Length)).Select(level => (sbyte)level)]);
    }

    private static long Taps(Shape shape) => shape.Skip(2).Aggregate(1L, (product, size) => product * size);

    private static IntegerCompilerException Fault(GraphNode layer, string message) => new(layer.Name, layer.Operator.Name, message);
}
