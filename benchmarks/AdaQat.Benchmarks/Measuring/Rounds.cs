using System.Numerics;
using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.Measuring;

/// <summary>Takes steps in turns.</summary>
public static class Rounds
{
    /// <summary>
    /// Takes every kind of step so many times a round, one after the other in turns; returns for each kind the mean seconds of its steps,
    /// round by round.
    /// </summary>
    /// <param name="steps">One of each kind.</param>
    /// <param name="rounds">How many means there are of each.</param>
    /// <param name="stepsPerRound">How many steps each mean is of; a whole number of periods of every kind.</param>
    /// <param name="pause">What passes before each step.</param>
    public static double[][] Run(IReadOnlyList<ITimedStep> steps, int rounds, int stepsPerRound, TimeSpan pause)
    {
        var seconds = steps.Select(_ => new double[rounds]).ToArray();
        for (var turn = 0; turn < rounds * stepsPerRound; turn++)
        {
            foreach (var step in RoundOrder.Of(turn, steps.Count))
            {
                Thread.Sleep(pause);
                seconds[step][turn / stepsPerRound] += steps[step].Take() / stepsPerRound;
            }
        }

        return seconds;
    }

    /// <summary>The least number of steps that is a whole number of every period.</summary>
    public static int CommonPeriod(IEnumerable<int> periods) => periods.Aggregate(1, (common, period) =>
        checked(common / (int)BigInteger.GreatestCommonDivisor(common, period) * period));
}
