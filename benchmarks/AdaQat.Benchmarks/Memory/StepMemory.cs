namespace AdaQat.Benchmarks.Memory;

/// <summary>The memory of steps of one kind.</summary>
/// <param name="Needed">With an allocator that gives back what is freed at once: what tensors need.</param>
/// <param name="Resident">With the one that the environment sets, which may keep gaps between tensors.</param>
public sealed record StepMemory(PeakMemory Needed, PeakMemory Resident);
