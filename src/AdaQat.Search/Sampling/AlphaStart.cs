using AdaQat.Training;

namespace AdaQat.Search.Sampling;

/// <summary>α at the start, from N(0, 0.01²), by Box and Muller.</summary>
internal static class AlphaStart
{
    private const long Stream = 19;

    public static double[] Of(long seed, int group, int candidates)
    {
        var random = new KeyedRandom(Stream, seed, group);
        var start = new double[candidates];
        for (var place = 0; place < candidates; place++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextSingle()));
            start[place] = 0.01 * radius * Math.Cos(2 * Math.PI * random.NextSingle());
        }

        return start;
    }
}
