namespace AdaQat.Benchmarks.Measuring;

/// <summary>All steps of one network at one batch size and number of threads, taken in the same rounds.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="StepsPerRound">How many steps of each kind a round's time is the mean of.</param>
/// <param name="Steps">The kinds.</param>
public sealed record MeasuredSetting(
    string Network, string Title, int BatchSize, int Threads, int StepsPerRound, IReadOnlyList<MeasuredStep> Steps);
