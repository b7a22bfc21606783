using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Steps;

namespace AdaQat.Benchmarks.Memory;

/// <summary>Whose memory to measure.</summary>
public sealed record MemoryOptions
{
    public required StepKind Kind { get; init; }

    public required NetworkKind Network { get; init; }

    public required int BatchSize { get; init; }

    public required int Threads { get; init; }
}
