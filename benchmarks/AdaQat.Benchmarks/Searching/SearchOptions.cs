namespace AdaQat.Benchmarks.Searching;

/// <summary>What to measure of the search for channels.</summary>
public sealed record SearchOptions
{
    /// <summary>How many candidates each layer has; each number is measured. Two are 0.9 and 1.0, both drawn always.</summary>
    public IReadOnlyList<int> Candidates { get; init; } = [2, 8, 16];

    /// <summary>Images a batch; a step of the search takes two batches.</summary>
    public int BatchSize { get; init; } = 128;

    public int Threads { get; init; } = 1;

    /// <summary>Rounds that count: a step of the search, and a plain one before and after it.</summary>
    public int Rounds { get; init; } = 12;

    /// <summary>Whether memory is measured too, each kind of step in a process of its own.</summary>
    public bool Memory { get; init; } = true;

    /// <summary>The memory of this many candidates in this process, 0 being the plain step; null for the table.</summary>
    public int? MemoryOf { get; init; }
}
