namespace AdaQat.Export;

/// <summary>
/// Codes along the line of real numbers: the first one, and from each place on the next one. A place itself has the code behind it where it
/// is included, else the one before it.
/// </summary>
internal sealed record CodeSteps(IReadOnlyList<(Rational Place, bool Included)> Places, IReadOnlyList<int> Codes)
{
    // Beyond all numbers of networks, and far enough from infinity that functions of it are numbers or infinite.
    private const double Far = 1e300;

    /// <summary>The codes that a grid gives numbers.</summary>
    public static CodeSteps Of(CodeGrid grid) =>
        new([.. Enumerable.Range(0, grid.MaxCode).Select(grid.Threshold)], [.. Enumerable.Range(0, grid.MaxCode + 1)]);

    /// <summary>The codes of numbers that a map's function turns into those of this line.</summary>
    public CodeSteps Before(ChannelMap map)
    {
        var steps = BeforeBounds(map).BeforeAffine(map);
        return map.Curve is { } curve ? steps.BeforeCurve(curve).Before(curve.Inner) : steps;
    }

    /// <summary>The codes of integers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public IntegerSteps OnIntegers(long min, long max)
    {
        var (from, codes) = (new List<long>(), new List<int> { Codes[0] });
        foreach (var ((place, included), code) in Places.Zip(Codes.Skip(1)))
        {
            var first = included ? place.Ceiling() : place.Floor() + 1;
            if (first > max)
            {
                break;
            }

            if (first <= min || (from.Count > 0 && first == from[^1]))
            {
                codes[^1] = code;
            }
            else
            {
                from.Add((long)first);
                codes.Add(code);
            }
        }

        return new([.. from], [.. codes], min, max);
    }

    private static bool Reaches(Rational value, (Rational Place, bool Included) step) =>
        value > step.Place || (step.Included && value == step.Place);

    /// <summary>Bounded numbers don't reach places beyond the bounds.</summary>
    private CodeSteps BeforeBounds(ChannelMap map)
    {
        var first = map.Low is { } low ? Places.Count(place => Reaches(low, place)) : 0;
        var last = map.High is { } high ? Math.Max(first, Places.Count(place => Reaches(high, place))) : Places.Count;
        return new([.. Places.Skip(first).Take(last - first)], [.. Codes.Skip(first).Take(last - first + 1)]);
    }

    private CodeSteps BeforeAffine(ChannelMap map)
    {
        if (map.Slope.Sign == 0)
        {
            return new([], [Codes[Places.Count(place => Reaches(map.Shift, place))]]);
        }

        var places = Places.Select(step => (Place: (step.Place - map.Shift) / map.Slope, step.Included));
        return map.Slope.Sign > 0 ? new([.. places], Codes)
            : new([.. places.Reverse().Select(step => (step.Place, !step.Included))], [.. Codes.Reverse()]);
    }

    /// <summary>
    /// For each stretch on which the function rises or falls and each place, the first 64-bit float whose function is on the other side.
    /// </summary>
    private CodeSteps BeforeCurve(Curve curve)
    {
        double[] reached = [.. Places.Select(Least)];
        double[] ends = [-Far, .. Curve.Bends(curve.OfOne())!, Far];
        var heights = Curve.Of(curve.OfOne(), ends);
        var sought = new List<(double Reached, bool Rises, long Low, long High)>();
        for (var i = 0; i + 1 < ends.Length; i++)
        {
            sought.AddRange(reached.Where(place => heights[i] >= place != heights[i + 1] >= place).Select(place =>
                (place, heights[i + 1] >= place, Rank(ends[i]), Rank(ends[i + 1]))));
        }

        while (sought.Exists(each => each.Low + 1 < each.High))
        {
            long[] middles = [.. sought.Select(each => (each.Low >> 1) + (each.High >> 1) + (each.Low & each.High & 1))];
            var values = Curve.Of(curve.OfOne(), [.. middles.Select(Number)]);
            for (var i = 0; i < middles.Length; i++)
            {
                var each = sought[i];
                sought[i] = values[i] >= each.Reached == each.Rises ? each with { High = middles[i] } : each with { Low = middles[i] };
            }
        }

        double[] places = [.. sought.Select(each => Number(each.High)).Distinct().Order()];
        int[] codes = [.. Curve.Of(curve.OfOne(), [-Far, .. places]).Select(value => Codes[reached.Count(place => value >= place)])];
        return new([.. places.Select(place => (Rational.Of(place), true))], codes);
    }

    /// <summary>The smallest 64-bit float that reaches a place; infinite where none does, or all do.</summary>
    private static double Least((Rational Place, bool Included) step)
    {
        if (step.Place.Magnitude > Rational.Of(Far))
        {
            return step.Place.Sign > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        if (step.Place.Sign != 0 && step.Place.Magnitude * Rational.Of(Far) < 1)
        {
            return step.Place.Sign > 0 ? double.Epsilon : 0;
        }

        var number = Math.BitDecrement(step.Place.ToDouble());
        while (!Reaches(Rational.Of(number), step))
        {
            number = Math.BitIncrement(number);
        }

        return number;
    }

    /// <summary>Places of 64-bit floats in their order, without gaps.</summary>
    private static long Rank(double number) =>
        BitConverter.DoubleToInt64Bits(number) is var bits && bits >= 0 ? bits : long.MinValue - bits;

    private static double Number(long rank) => BitConverter.Int64BitsToDouble(rank >= 0 ? rank : long.MinValue - rank);
}
