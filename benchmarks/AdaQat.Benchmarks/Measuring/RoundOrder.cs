namespace AdaQat.Benchmarks.Measuring;

/// <summary>The order in which a turn takes its steps.</summary>
public static class RoundOrder
{
    /// <summary>
    /// Every step once, from another one in every second turn, and backwards in every second: so each meets each place and each
    /// neighbour, and neither caches nor a slow drift of the machine favour one.
    /// </summary>
    /// <param name="round">The number of the turn, from 0.</param>
    /// <param name="count">The number of steps.</param>
    public static IReadOnlyList<int> Of(int round, int count)
    {
        var forwards = Enumerable.Range(0, count).Select(place => ((round / 2) + place) % count);
        return [.. round % 2 == 0 ? forwards : forwards.Reverse()];
    }
}
