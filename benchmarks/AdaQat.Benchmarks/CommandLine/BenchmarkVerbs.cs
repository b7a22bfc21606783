using AdaQat.Benchmarks.Integers;
using AdaQat.Benchmarks.Kernels;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Searching;
using AdaQat.Benchmarks.Soak;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>What the program can do; each returns the exit code.</summary>
public sealed record BenchmarkVerbs
{
    /// <summary>Training steps, against each other: what it does where no verb is given.</summary>
    public required Func<BenchmarkOptions, int> Steps { get; init; }

    /// <summary>The quantizers alone, against a copy of the same bytes.</summary>
    public required Func<KernelOptions, int> Kernels { get; init; }

    /// <summary>Integer models, in milliseconds an image.</summary>
    public required Func<IntegerOptions, int> Integers { get; init; }

    /// <summary>ONNX files' sizes and times.</summary>
    public required Func<OnnxTimesOptions, int> Onnx { get; init; }

    /// <summary>Thousands of steps, and what they leave in memory.</summary>
    public required Func<SoakOptions, int> Soak { get; init; }

    /// <summary>Steps of the search for channels, beside plain ones.</summary>
    public required Func<SearchOptions, int> Search { get; init; }

    /// <summary>The memory of one kind of step, in this process.</summary>
    public required Func<MemoryOptions, int> Memory { get; init; }
}
