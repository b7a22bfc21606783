using System.Diagnostics;

namespace AdaQat.Benchmarks.Searching;

/// <summary>What a step of a search takes, beside plain steps of the same process taken in turns with it.</summary>
/// <param name="PlainBest">The shortest plain step, in ms.</param>
/// <param name="Best">The shortest step of the search.</param>
/// <param name="PlainMedian">The median of plain steps.</param>
/// <param name="Median">That of the search's.</param>
internal sealed record SearchTiming(double PlainBest, double Best, double PlainMedian, double Median)
{
    /// <summary>Steps of the search before those that count.</summary>
    private const int WarmUp = 2;

    public static SearchTiming Measure(int candidates, SearchOptions options)
    {
        var (plain, search) = (new List<double>(), new List<double>());
        using var step = new SearchWork.PlainStep(options.BatchSize);
        var clock = Stopwatch.StartNew();
        SearchWork.TakeSearchSteps(candidates, options.BatchSize, done =>
        {
            if (done > WarmUp)
            {
                search.Add(clock.Elapsed.TotalMilliseconds);
            }

            clock.Restart();
            step.Take();
            plain.Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
            return done < WarmUp + options.Rounds;
        });
        return new SearchTiming(plain.Min(), search.Min(), Middle(plain), Middle(search));
    }

    private static double Middle(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
