namespace AdaQat.Benchmarks.Soak;

/// <summary>Thrown on purpose.</summary>
internal sealed class InjectedException() : Exception("Thrown on purpose by the soak.");
