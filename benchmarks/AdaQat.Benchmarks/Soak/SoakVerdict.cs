using AdaQat.Benchmarks.Measuring;

namespace AdaQat.Benchmarks.Soak;

/// <summary>What the samples of a soak say.</summary>
/// <param name="Growth">The resident set of the last quarter over that of the first quarter after warming up, less 1; medians.</param>
/// <param name="TensorsLeft">Live tensors in the last sample more than in the first after warming up.</param>
public sealed record SoakVerdict(double Growth, long TensorsLeft)
{
    /// <summary>How much the resident set may grow.</summary>
    public const double Tolerance = 0.01;

    /// <summary>The share of the samples during which code is compiled and libtorch's pools fill.</summary>
    public const double WarmUp = 0.1;

    public bool IsFlat => Growth <= Tolerance && TensorsLeft <= 0;

    public static SoakVerdict Of(IReadOnlyList<SoakSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var warm = samples.Skip((int)(samples.Count * WarmUp)).ToList();
        var quarter = warm.Count / 4;
        if (quarter == 0)
        {
            throw new ArgumentException($"{samples.Count} samples are too few to see growth.", nameof(samples));
        }

        var first = Distribution.Of(warm.Take(quarter).Select(sample => (double)sample.Resident)).Median;
        var last = Distribution.Of(warm.TakeLast(quarter).Select(sample => (double)sample.Resident)).Median;
        return new SoakVerdict((last / first) - 1, warm[^1].LiveTensors - warm[0].LiveTensors);
    }
}
