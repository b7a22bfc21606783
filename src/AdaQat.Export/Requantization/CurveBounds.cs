using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Between which numbers all lie that the integers of a range stand for: interval arithmetic, of many ranges at once.</summary>
/// <remarks>
/// Bounds may be wider than need be, and narrower by the rounding of 64-bit floats at most. Low is High only where all integers of a range
/// stand for that one number.
/// Where an operation may have no number, they are infinite.
/// </remarks>
internal static class CurveBounds
{
    // Many times what a 64-bit operation rounds by.
    private const double Rounding = 4e-15;

    /// <summary>Whether bounds of an operator of one or two numbers are known, at least where it has numbers.</summary>
    public static bool Knows(GraphOperator function) => function switch
    {
        AddOperator or SubtractOperator or MultiplyOperator or DivideOperator or MaximumOperator or MinimumOperator or PowerOperator
            or UnaryOperator { Function: UnaryFunction.Sqrt or UnaryFunction.ReciprocalSqrt or UnaryFunction.Log } => true,
        PointwiseOperator pointwise => Curve.Bends(pointwise) is not null,
        _ => false,
    };

    /// <summary>The bounds of each range of integers.</summary>
    public static (double[] Low, double[] High) Of(ChannelMap map, double[] from, double[] to)
    {
        var (low, high) = Known(map, from, to);
        for (var i = 0; i < low.Length; i++)
        {
            if (double.IsNaN(low[i]) || double.IsNaN(high[i]))
            {
                (low[i], high[i]) = (double.NegativeInfinity, double.PositiveInfinity);
            }
        }

        return (low, high);
    }

    /// <summary>The bounds, which are no numbers where there may be none: a clamp behind that would hide infinite ones.</summary>
    private static (double[] Low, double[] High) Known(ChannelMap map, double[] from, double[] to)
    {
        var (low, high) = map.Curve switch
        {
            null => (from, to),
            { Second: null } curve => OfFunction(curve.OfOne(), Known(curve.Inner, from, to)),
            var curve => OfPair(curve.Function, Known(curve.Inner, from, to), Known(curve.Second, from, to)),
        };
        return Affine(map, low, high);
    }

    private static (double[] Low, double[] High) Affine(ChannelMap map, double[] low, double[] high)
    {
        var (slope, shift, sign) = (map.Slope.ToDouble(), map.Shift.ToDouble(), map.Slope.Sign);
        var (least, most) = (map.Low?.ToDouble() ?? double.NegativeInfinity, map.High?.ToDouble() ?? double.PositiveInfinity);
        var (lows, highs) = (new double[low.Length], new double[low.Length]);
        for (var i = 0; i < low.Length; i++)
        {
            var (a, b) = sign >= 0 ? (slope * low[i], slope * high[i]) : (slope * high[i], slope * low[i]);
            var widening = a < b ? Rounding : 0;
            (lows[i], highs[i]) = (
                Math.Clamp(Lower(a + shift, widening * (Math.Abs(a) + Math.Abs(shift))), least, most),
                Math.Clamp(-Lower(-b - shift, widening * (Math.Abs(b) + Math.Abs(shift))), least, most));
        }

        return (lows, highs);
    }

    /// <summary>
    /// A function rises or falls between its bends, so that its values lie between those of the ends and bends. Those that have no number
    /// for small numbers have no bends.
    /// </summary>
    private static (double[] Low, double[] High) OfFunction(PointwiseOperator function, (double[] Low, double[] High) x)
    {
        var (first, last) = (Curve.Of(function, x.Low), Curve.Of(function, x.High));
        double[] bends = [.. Curve.Bends(function) ?? []];
        var turns = Curve.Of(function, bends);
        for (var i = 0; i < first.Length; i++)
        {
            var (low, high) = (Math.Min(first[i], last[i]), Math.Max(first[i], last[i]));
            foreach (var (bend, turn) in bends.Zip(turns))
            {
                if (x.Low[i] < bend && bend < x.High[i])
                {
                    (low, high) = (Math.Min(low, turn), Math.Max(high, turn));
                }
            }

            var widening = low < high ? Rounding : 0;
            (first[i], last[i]) = double.IsNaN(x.Low[i]) || double.IsNaN(x.High[i]) ? (double.NaN, double.NaN)
                : (Lower(low, widening * Math.Abs(low)), -Lower(-high, widening * Math.Abs(high)));
        }

        return (first, last);
    }

    /// <summary>Of what two numbers of these bounds can make; rounding keeps the order of results, so that it does no harm.</summary>
    private static (double[] Low, double[] High) OfPair(
        GraphOperator function, (double[] Low, double[] High) a, (double[] Low, double[] High) b)
    {
        var (low, high) = (new double[a.Low.Length], new double[a.Low.Length]);
        for (var i = 0; i < low.Length; i++)
        {
            (low[i], high[i]) = function switch
            {
                AddOperator => (a.Low[i] + b.Low[i], a.High[i] + b.High[i]),
                SubtractOperator => (a.Low[i] - b.High[i], a.High[i] - b.Low[i]),
                MaximumOperator => (Math.Max(a.Low[i], b.Low[i]), Math.Max(a.High[i], b.High[i])),
                MinimumOperator => (Math.Min(a.Low[i], b.Low[i]), Math.Min(a.High[i], b.High[i])),
                MultiplyOperator => Corners(
                    a.Low[i] * b.Low[i], a.Low[i] * b.High[i], a.High[i] * b.Low[i], a.High[i] * b.High[i]),
                DivideOperator when b.Low[i] > 0 || b.High[i] < 0 => Corners(
                    a.Low[i] / b.Low[i], a.Low[i] / b.High[i], a.High[i] / b.Low[i], a.High[i] / b.High[i]),
                PowerOperator => OfPowers(a.Low[i], a.High[i], b.Low[i], b.High[i]),
                _ => (double.NaN, double.NaN),
            };
        }

        return (low, high);
    }

    /// <summary>
    /// Of numbers above 0, the logarithm of a power is a product; it has its ends in corners. Of others only whole powers have numbers: one
    /// that is the same for all rises or falls on each side of 0.
    /// </summary>
    private static (double Low, double High) OfPowers(double low, double high, double least, double most)
    {
        var isOne = least == most && (low >= 0 || Math.Floor(least) == least) && (least >= 0 || high < 0);
        if (!(low > 0 || isOne) || double.IsNaN(high + least + most))
        {
            return (double.NaN, double.NaN);
        }

        var atZero = low < 0 && high > 0 && least > 0 ? 0 : Math.Pow(low, least);
        var (a, b) = Corners(atZero, Math.Pow(low, most), Math.Pow(high, least), Math.Pow(high, most));

        // Unlike a product, a power is not rounded to the nearest number, so that the order of powers may be another one.
        var widening = a < b ? Rounding : 0;
        return (Lower(a, widening * Math.Abs(a)), -Lower(-b, widening * Math.Abs(b)));
    }

    private static (double Low, double High) Corners(double a, double b, double c, double d) =>
        (Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d)));

    private static double Lower(double number, double by) => double.IsFinite(number) ? number - by : number;
}
