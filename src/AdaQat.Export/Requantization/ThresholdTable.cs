using System.Numerics;

namespace AdaQat.Export;

/// <summary>
/// Where codes change as integers from Min to Max rise, or fall where it is descending: code j + 1 or more from Values[j] on. A threshold
/// beyond the range is one step outside it.
/// </summary>
internal sealed record ThresholdTable(long[] Values, bool Descending, long Min, long Max)
{
    /// <summary>The thresholds of a channel, in exact arithmetic.</summary>
    public static ThresholdTable Of(ChannelMap map, CodeGrid grid, long min, long max)
    {
        var (values, descending) = (new long[grid.MaxCode], map.Slope.Sign < 0);
        var (always, never) = descending ? (max, min - 1) : (min, max + 1);
        for (var j = 0; j < values.Length; j++)
        {
            var (bound, included) = grid.Threshold(j);
            bool Reaches(Rational value) => value > bound || (included && value == bound);

            values[j] = map.High is { } high && !Reaches(high) ? never
                : map.Low is { } low && Reaches(low) ? always
                : map.Slope.Sign == 0 ? Reaches(map.Shift) ? always : never
                : (long)BigInteger.Clamp(
                    Place((bound - map.Shift) / map.Slope, included, descending), Math.Min(always, never), Math.Max(always, never));
        }

        return new(values, descending, min, max);
    }

    /// <summary>The code of an integer in the range.</summary>
    public int CodeOf(long integer) => Values.Count(value => Descending ? integer <= value : integer >= value);

    private static BigInteger Place(Rational place, bool included, bool descending) => (descending, included) switch
    {
        (false, true) => place.Ceiling(),
        (false, false) => place.Floor() + 1,
        (true, true) => place.Floor(),
        (true, false) => place.Ceiling() - 1,
    };
}
