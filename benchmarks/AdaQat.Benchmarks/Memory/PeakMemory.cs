namespace AdaQat.Benchmarks.Memory;

/// <summary>The resident set of a process that takes steps of one kind and nothing else.</summary>
/// <param name="Before">Bytes before the first step, with libtorch's code, the network and the batch in memory.</param>
/// <param name="Peak">Bytes at the most while steps were taken.</param>
public sealed record PeakMemory(long Before, long Peak)
{
    /// <summary>What the steps needed besides, in bytes.</summary>
    public long Growth => Peak - Before;
}
