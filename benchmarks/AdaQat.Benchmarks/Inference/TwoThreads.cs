using System.Diagnostics;
using System.Globalization;

namespace AdaQat.Benchmarks.Inference;

/// <summary>What a second thread can bring on this machine, and what it costs to have one help. Medians.</summary>
/// <param name="Share">
/// How much two threads at once multiply of what one does alone: 2 on two cores, little more than 1 on two hardware threads of a core.
/// </param>
/// <param name="HandOver">Seconds to hand something over between threads that wait actively.</param>
/// <param name="WakeUp">Seconds until a thread that sleeps, as those do between runs, is awake.</param>
internal sealed record TwoThreads(double Share, double HandOver, double WakeUp)
{
    private const int Tries = 200;

    public static TwoThreads Measure()
    {
        var alone = Median(Work);
        return new(2 * alone / WithOther(() => Median(Work)), OfHandOver(), OfWakeUp());

        static double Work()
        {
            var start = Stopwatch.GetTimestamp();
            PeakRate.Work();
            return Seconds(start);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Two threads at once do {Share:F2} times what one does; handing over between them takes {1e9 * HandOver:F0} ns, waking one up "
        + $"{1e6 * WakeUp:F0} µs.");

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static double Median(Func<double> once)
    {
        var times = new double[Tries];
        for (var i = 0; i < Tries; i++)
        {
            times[i] = once();
        }

        return times.Order().ElementAt(Tries / 2);
    }

    private static double WithOther(Func<double> measured)
    {
        var done = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                PeakRate.Work();
            }
        });
        other.Start();
        var result = measured();
        Volatile.Write(ref done, true);
        other.Join();
        return result;
    }

    private static double OfHandOver()
    {
        const int Turns = 5000;
        var (turn, start) = (-1, 0L);
        var other = new Thread(() =>
        {
            // The clock starts when both are there.
            start = Stopwatch.GetTimestamp();
            Volatile.Write(ref turn, 0);
            Take(1);
        });
        other.Start();
        Take(0);
        other.Join();
        return Seconds(start) / Turns;

        void Take(int mine)
        {
            for (var i = mine; i < Turns; i += 2)
            {
                var wait = default(SpinWait);
                while (Volatile.Read(ref turn) != i)
                {
                    wait.SpinOnce(sleep1Threshold: -1);
                }

                Volatile.Write(ref turn, i + 1);
            }
        }
    }

    private static double OfWakeUp()
    {
        using var begin = new SemaphoreSlim(0);
        using var end = new SemaphoreSlim(0);
        var awake = 0L;
        var sleeper = new Thread(() =>
        {
            for (var i = 0; i < Tries; i++)
            {
                begin.Wait();
                awake = Stopwatch.GetTimestamp();
                end.Release();
            }
        });
        sleeper.Start();
        var result = Median(() =>
        {
            Thread.Sleep(1);
            var start = Stopwatch.GetTimestamp();
            begin.Release();
            end.Wait();
            return Stopwatch.GetElapsedTime(start, awake).TotalSeconds;
        });
        sleeper.Join();
        return result;
    }
}
