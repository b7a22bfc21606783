using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.Measuring;

/// <summary>Takes steps in turns.</summary>
internal static class Rounds
{
    /// <summary>Takes every step once a round; returns for each step its seconds, round by round.</summary>
    public static double[][] Run(IReadOnlyList<ITimedStep> steps, int rounds, TimeSpan pause)
    {
        var seconds = steps.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var step in RoundOrder.Of(round, steps.Count))
            {
                Thread.Sleep(pause);
                seconds[step][round] = steps[step].Take();
            }
        }

        return seconds;
    }
}
