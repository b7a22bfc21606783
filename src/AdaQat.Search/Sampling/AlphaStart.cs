using AdaQat.Training;

namespace AdaQat.Search.Sampling;

/// <summary>α at the start, from N(0, 0.01²); that of one candidate begins higher than any other.</summary>
internal static class AlphaStart
{
    private const long Stream = 19;

    /// <summary>Five standard deviations.</summary>
    private const double Ahead = 0.05;

    /// <param name="seed">The search's.</param>
    /// <param name="group">The place of the group.</param>
    /// <param name="candidates">How many there are.</param>
    /// <param name="first">The place of the candidate that is preferred at first.</param>
    public static double[] Of(long seed, int group, int candidates, int first)
    {
        var random = new KeyedRandom(Stream, seed, group);
        var start = new double[candidates];
        for (var place = 0; place < candidates; place++)
        {
            start[place] = 0.01 * NormalNumber.Next(ref random);
        }

        start[first] = Math.Max(start[first], start.Max()) + Ahead;
        return start;
    }
}
