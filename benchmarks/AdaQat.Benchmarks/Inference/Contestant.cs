using System.Diagnostics;
using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.Inference;

/// <summary>A program that computes a network: some runs of it are one measurement.</summary>
internal abstract class Contestant : ITimedStep, IDisposable
{
    private const double SecondsPerMeasurement = 0.004;
    private int _runs = 1;

    /// <summary>For the table.</summary>
    public abstract string Title { get; }

    /// <summary>Scores of the last run, image by image.</summary>
    public abstract float[] Scores { get; }

    /// <summary>Computes the batch once.</summary>
    public abstract void Run();

    public abstract void Dispose();

    /// <summary>Runs until compiled code is the final one, and finds how many runs are a measurement.</summary>
    public void WarmUp()
    {
        var start = Stopwatch.GetTimestamp();
        var runs = 0;
        for (; runs < 60 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5; runs++)
        {
            Run();
        }

        start = Stopwatch.GetTimestamp();
        Run();
        _runs = (int)Math.Clamp(SecondsPerMeasurement / Stopwatch.GetElapsedTime(start).TotalSeconds, 1, 100);
    }

    /// <inheritdoc/>
    /// <returns>The mean seconds of a run; the ones before bring weights into the cache and wake threads.</returns>
    public double Take()
    {
        Run();
        Run();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < _runs; i++)
        {
            Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / _runs;
    }
}
