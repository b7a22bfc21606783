namespace AdaQat.Benchmarks.Integers;

/// <summary>How integer models are timed.</summary>
public sealed record IntegerOptions
{
    /// <summary>Runs of each model that count.</summary>
    public int Repetitions { get; init; } = 1000;
}
