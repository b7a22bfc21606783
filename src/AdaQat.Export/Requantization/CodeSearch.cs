namespace AdaQat.Export;

/// <summary>
/// The codes of integers behind functions of which nothing is known but bounds: ranges of integers are halved until all of one have one
/// code, or it is a single integer, whose code is computed.
/// </summary>
internal static class CodeSearch
{
    // Ranges that are looked at, for a channel. A threshold takes some two for each bit of the sums.
    private const int Most = 1 << 20;

    // How near to a threshold bounds tell nothing, in parts of the numbers.
    private const double Near = 1e-13;

    /// <summary>The codes; null where they would take too long to find, or an integer stands for no number.</summary>
    public static IntegerSteps? Of(ChannelMap map, CodeGrid grid, long min, long max)
    {
        double[] thresholds = [.. Enumerable.Range(0, grid.MaxCode).Select(j => grid.Threshold(j).Bound.ToDouble())];
        var found = new List<(long From, int Code)>();
        var open = new List<(long From, long To)> { (min, max) };
        for (var looked = 1; open.Count > 0; looked += open.Count)
        {
            if (looked > Most)
            {
                return null;
            }

            var halves = new List<(long From, long To)>();
            var (low, high) = CurveBounds.Of(
                map, [.. open.Select(range => (double)range.From)], [.. open.Select(range => (double)range.To)]);
            for (var i = 0; i < open.Count; i++)
            {
                var (from, to) = open[i];
                var near = Near * (Math.Max(Math.Abs(low[i]), Math.Abs(high[i])) + Math.Abs(thresholds[0]) + Math.Abs(thresholds[^1]));
                if (Code(low[i] - near) is var code && code == Code(high[i] + near))
                {
                    found.Add((from, code));
                }
                else if (from == to || low[i] == high[i])
                {
                    if (Exact(map, grid, from) is not { } exact)
                    {
                        return null;
                    }

                    found.Add((from, exact));
                }
                else
                {
                    var middle = from + ((to - from) / 2);
                    halves.Add((from, middle));
                    halves.Add((middle + 1, to));
                }
            }

            open = halves;
        }

        return Joined(found, min, max);

        int Code(double number)
        {
            var place = Array.BinarySearch(thresholds, number);
            return place < 0 ? ~place : place;
        }
    }

    private static int? Exact(ChannelMap map, CodeGrid grid, long integer) => map.NumberOf(integer) switch
    {
        double.NaN => null,
        double.PositiveInfinity => grid.MaxCode,
        double.NegativeInfinity => 0,
        _ => grid.CodeOf(map.Of(integer)),
    };

    private static IntegerSteps Joined(List<(long From, int Code)> found, long min, long max)
    {
        found.Sort();
        var (places, codes) = (new List<long>(), new List<int> { found[0].Code });
        foreach (var (from, code) in found.Skip(1))
        {
            if (code != codes[^1])
            {
                places.Add(from);
                codes.Add(code);
            }
        }

        return new([.. places], [.. codes], min, max);
    }
}
