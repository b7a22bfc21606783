using System.Numerics;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// A channel's rule from integers to codes: a multiplier, offset and shift where some switch exactly at every threshold, else the
/// thresholds.
/// </summary>
internal static class RuleSearch
{
    /// <summary>The rule of a channel.</summary>
    /// <param name="map">What its integers stand for.</param>
    /// <param name="grid">What they become.</param>
    /// <param name="min">The smallest integer that occurs.</param>
    /// <param name="max">The largest.</param>
    public static ChannelRule Find(ChannelMap map, CodeGrid grid, long min, long max)
    {
        var table = ThresholdTable.Of(map, grid, min, max);
        if (table.CodeOf(min) is var code && code == table.CodeOf(max))
        {
            return new Rescale(0, code, 0);
        }

        return (ChannelRule?)Multiplier(map, grid, table) ?? Stored(table);
    }

    private static Rescale? Multiplier(ChannelMap map, CodeGrid grid, ThresholdTable table)
    {
        var ratio = (map.Slope / Rational.Of(grid.Scale)).Magnitude;

        // As many bits as a multiplier has; fewer only where the offset would not fit.
        for (var shift = Math.Min(62, 29 - ratio.Exponent()); shift >= 0 && shift >= 17 - ratio.Exponent(); shift -= 3)
        {
            var multiplier = (long)(ratio * Rational.PowerOfTwo(shift)).Round();
            foreach (var nudge in (ReadOnlySpan<long>)[0, -1, 1, -2, 2])
            {
                if (Offset(table, multiplier + nudge, shift) is { } offset)
                {
                    return new((int)(table.Descending ? -(multiplier + nudge) : multiplier + nudge), offset, shift);
                }
            }
        }

        return null;
    }

    /// <summary>An offset with which a multiplier switches at all thresholds, in the middle of those there are; or null.</summary>
    private static long? Offset(ThresholdTable table, long multiplier, int shift)
    {
        // A falling channel is a rising one of the negated integers.
        var sign = table.Descending ? -1 : 1;
        var (min, max) = table.Descending ? (-table.Max, -table.Min) : (table.Min, table.Max);
        BigInteger? least = null, most = null;
        for (var j = 0; j < table.Values.Length; j++)
        {
            var (threshold, level) = (sign * table.Values[j], new BigInteger(j + 1) << shift);
            if (threshold <= max)
            {
                var needed = level - ((BigInteger)multiplier * Math.Max(threshold, min));
                least = least is { } known && known > needed ? known : needed;
            }

            if (threshold > min)
            {
                var allowed = level - 1 - ((BigInteger)multiplier * Math.Min(threshold - 1, max));
                most = most is { } known && known < allowed ? known : allowed;
            }
        }

        if (least > most)
        {
            return null;
        }

        var offset = least is { } low && most is { } high ? (low + high) >> 1 : least ?? most ?? 0;
        return BigInteger.Abs(offset) <= BigInteger.One << 61 ? (long)offset : null;
    }

    private static Thresholds Stored(ThresholdTable table) =>
        new([.. table.Values.Select(value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))], table.Descending);
}
