namespace AdaQat.Benchmarks.Kernels;

/// <summary>Which micro-benchmarks to run, and how.</summary>
public sealed record KernelOptions
{
    /// <summary>A pattern for their full names.</summary>
    public string Filter { get; init; } = "*";

    /// <summary>Whether each runs once only.</summary>
    public bool Quick { get; init; }
}
