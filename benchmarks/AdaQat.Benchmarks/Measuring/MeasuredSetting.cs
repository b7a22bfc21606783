namespace AdaQat.Benchmarks.Measuring;

/// <summary>All steps at one batch size and number of threads, taken in the same rounds.</summary>
public sealed record MeasuredSetting(int BatchSize, int Threads, IReadOnlyList<MeasuredStep> Steps);
