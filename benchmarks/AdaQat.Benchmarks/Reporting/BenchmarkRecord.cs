using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Python;

namespace AdaQat.Benchmarks.Reporting;

/// <summary>All that a run measured, as its JSON file holds it.</summary>
public sealed record BenchmarkRecord
{
    public required DateTimeOffset Date { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>Null where Python took no part.</summary>
    public required PythonVersions? Python { get; init; }

    public required int Repetitions { get; init; }

    public required int WarmUpSteps { get; init; }

    public required int PauseMilliseconds { get; init; }

    public required IReadOnlyList<MeasuredSetting> Settings { get; init; }

    public static BenchmarkRecord Of(
        BenchmarkOptions options, MachineFacts machine, PythonVersions? python, IReadOnlyList<MeasuredSetting> settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BenchmarkRecord
        {
            Date = DateTimeOffset.Now,
            Machine = machine,
            Python = python,
            Repetitions = options.Repetitions,
            WarmUpSteps = options.WarmUpSteps,
            PauseMilliseconds = options.PauseMilliseconds,
            Settings = settings,
        };
    }
}
