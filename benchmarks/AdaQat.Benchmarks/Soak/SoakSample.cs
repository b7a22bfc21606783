namespace AdaQat.Benchmarks.Soak;

/// <summary>Memory after a step.</summary>
/// <param name="Step">The number of the step.</param>
/// <param name="Resident">The process's resident set, in bytes.</param>
/// <param name="Managed">What is alive on the managed heap after a collection, in bytes.</param>
/// <param name="LiveTensors">Tensors made on this thread and not disposed.</param>
public sealed record SoakSample(int Step, long Resident, long Managed, long LiveTensors);
