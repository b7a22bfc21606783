using System.Numerics;
using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>Values in another form: other axes, codes of a grid, fixed-point numbers, floats.</summary>
internal sealed class Forms(ModelDraft draft)
{
    // All that a sign leaves. A sum that grows beyond them gets a coarser unit.
    private const int FixedPointBits = 31;

    private readonly CurveRules _curves = new(draft);

    /// <summary>The axes in another order.</summary>
    public RealValue Arranged(RealValue value, EquatableList<int> order)
    {
        if (value.Order == order)
        {
            return value;
        }

        EquatableList<int> axes = [.. order.Select(value.Place)];
        var shape = new Shape([.. axes.Select(axis => value.Node.Shape[axis])]);
        var moved = axes.Where(axis => value.Node.Shape[axis] > 1).ToArray();
        var name = draft.Name(value.Node.Name + ".arranged");
        IntegerNode node = moved.SequenceEqual(moved.Order())
            ? new ReshapeNode(name, value.Node, shape) : new PermuteNode(name, value.Node, axes);
        return value with { Node = draft.Add(node), Order = order };
    }

    /// <summary>The graph's order, without the batch.</summary>
    public RealValue Natural(RealValue value) => Arranged(value, value.Natural);

    /// <summary>The axis that has a map each becomes the last one, where rules are one a channel.</summary>
    public RealValue MapsLast(RealValue value) => value.IsUniform || value.Order[^1] == value.Axis ? value
        : Arranged(value, [.. value.Order.Where(axis => axis != value.Axis), value.Axis]);

    /// <summary>Codes of a grid: exactly those of the real numbers.</summary>
    public RealValue Codes(RealValue value, CodeGrid grid, string name)
    {
        if (value.Grid == grid)
        {
            return value;
        }

        if (value.Node.Type is Runtime.Floats && (!value.IsUniform || value.Map.Slope.Sign <= 0))
        {
            value = Floats(value);
        }

        value = MapsLast(value);
        name = draft.Name(name);
        IntegerNode node = value.Node.Type switch
        {
            Runtime.Floats => new QuantizeNode(name, value.Node, grid.Codes, FloatThresholds.Of(value.Map, grid)),
            Runtime.Codes => new LookupNode(name, value.Node, grid.Codes, Table(value, grid.CodeOf)),
            _ when value.IsCurved => _curves.Add(value, grid, name),
            var type => new RequantizeNode(
                name, value.Node, [.. value.Maps.Select(map => RuleSearch.Find(map, grid, type.MinInteger, type.MaxInteger))], grid.Codes),
        };
        return new(draft.Add(node), value.Order, [new(grid.Unit, 0)], 0, grid);
    }

    /// <summary>Fixed-point numbers of 32 bits: the nearest multiple of a unit to each real number.</summary>
    /// <param name="value">The value.</param>
    /// <param name="unit">
    /// The unit; null for the value's own step where nothing is rounded then, else for a power of two with which all numbers have 31 bits.
    /// </param>
    public RealValue FixedPoint(RealValue value, Rational? unit = null)
    {
        value = value.Node.Type is Runtime.Floats ? throw new InvalidOperationException("Floats have no range.") : value;
        var one = unit ?? (value.IsMultipleOf(value.Map.Slope) ? value.Map.Slope : Unit(value.Bound));
        if (value.IsScaled && value.Node.Type is Integers && value.Map.Shift.Sign == 0 && (unit is null || value.Map.Slope == one))
        {
            return value;
        }

        value = MapsLast(value);
        if (value.IsCurved)
        {
            int Number(Rational number) => (int)BigInteger.Clamp((number / one).Round(), int.MinValue, int.MaxValue);

            var table = Table(value, Number);
            return new(draft.Add(new LookupNode(
                draft.Name(value.Node.Name + ".fixed"), value.Node, new Integers(0, 0), table)), value.Order, [new(one, 0)]);
        }

        var (low, high) = (value.Map.Low, value.Map.High);
        if (value.Maps.Any(map => map.Low != low || map.High != high))
        {
            throw new IntegerCompilerException(value.Node.Name, "bounds by channel",
                "an affine function of each channel follows a clamp, and no quantizer follows that; quantize its result.");
        }

        var node = draft.Add(new RescaleNode(draft.Name(value.Node.Name + ".fixed"), value.Node,
            [.. value.Maps.Select(map => Change(map, one))], Bound(low, one, int.MinValue), Bound(high, one, int.MaxValue)));
        return new(node, value.Order, [new(one, 0)]);
    }

    /// <summary>Floats.</summary>
    public RealValue Floats(RealValue value)
    {
        if (value.IsPlainFloats)
        {
            return value;
        }

        if (value.Node.Type is Runtime.Floats)
        {
            return FloatIsland.OfMaps(draft, Natural(value));
        }

        value = value.Maps.All(map => map.IsAffine) ? MapsLast(value) : FixedPoint(value);
        var node = new DequantizeNode(draft.Name(value.Node.Name + ".float"), value.Node,
            [.. value.Maps.Select(map => map.Slope.ToDouble())], [.. value.Maps.Select(map => map.Shift.ToDouble())]);
        return new(draft.Add(node), value.Order, [ChannelMap.Same]);
    }

    /// <summary>
    /// The least power of two of which the bound is less than 2^31 times as much, or 2 to another power, with room for 16 roundings.
    /// </summary>
    public static Rational Unit(Rational bound, int bits = FixedPointBits)
    {
        if (bound.Sign == 0)
        {
            return 1;
        }

        var unit = Rational.PowerOfTwo(bound.Exponent() + 1 - bits);
        return bound / unit <= (1L << bits) - 16 ? unit : 2 * unit;
    }

    private static int Bound(Rational? bound, Rational unit, int none) =>
        bound is { } number ? (int)BigInteger.Clamp((number / unit).Round(), int.MinValue, int.MaxValue) : none;

    private static Rescale Change(ChannelMap map, Rational unit)
    {
        var (ratio, term) = (map.Slope / unit, map.Shift / unit);
        for (var shift = ratio.Sign == 0 ? 0 : Math.Clamp(29 - ratio.Exponent(), 0, 60); shift >= 0; shift--)
        {
            var multiplier = (ratio * Rational.PowerOfTwo(shift)).Round();
            var offset = (term * Rational.PowerOfTwo(shift)).Round() + (shift == 0 ? 0 : BigInteger.One << (shift - 1));
            if (BigInteger.Abs(offset) <= BigInteger.One << 61 && BigInteger.Abs(multiplier) <= int.MaxValue)
            {
                // Small numbers are computed faster, and mean the same.
                for (; shift > 0 && multiplier.IsEven && offset.IsEven; shift--)
                {
                    (multiplier, offset) = (multiplier / 2, offset / 2);
                }

                return new((int)multiplier, (long)offset, shift);
            }
        }

        throw new IntegerCompilerException($"A channel's numbers are {ratio.ToDouble()} and {term.ToDouble()} in the unit of a sum; they "
            + "are too far apart for 32 bits.");
    }

    private static int[] Table(RealValue value, Func<Rational, int> number)
    {
        var codes = (Runtime.Codes)value.Node.Type;
        return [.. value.Maps.SelectMany(map => Enumerable.Range(0, codes.MaxCode + 1)
            .Select(code => number(map.Of((codes.Multiplier * code) + codes.Offset))))];
    }
}
