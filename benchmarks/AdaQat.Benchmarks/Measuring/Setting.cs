using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Python;
using AdaQat.Benchmarks.Steps;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Measuring;

/// <summary>Measures all steps at one batch size and number of threads.</summary>
internal sealed class Setting(BenchmarkOptions options, int batchSize, int threads, PythonInterpreter? python)
{
    public MeasuredSetting Measure()
    {
        set_num_threads(threads);
        using var batch = new SyntheticBatch(batchSize);
        using var child = python?.Start(batchSize, threads);
        var own = new List<NetworkStep>();
        try
        {
            own.AddRange(options.Kinds.Select(kind => new NetworkStep(kind, batch)));
            var foreign = child is null ? [] : options.Kinds.Where(kind => kind.IsInPython).ToList();
            ITimedStep[] steps = [.. own, .. foreign.Select(kind => new PythonStep(child!, kind))];

            var pause = TimeSpan.FromMilliseconds(options.PauseMilliseconds);
            Rounds.Run(steps, options.WarmUpRounds, pause);
            var seconds = Rounds.Run(steps, options.Repetitions, pause);
            return new MeasuredSetting(batchSize, threads, Compare(seconds, foreign));
        }
        finally
        {
            own.ForEach(step => step.Dispose());
        }
    }

    private List<MeasuredStep> Compare(double[][] seconds, List<StepKind> foreign)
    {
        var kinds = options.Kinds;
        return
        [
            .. kinds.Select((kind, place) => Compare(kind, "dotnet", seconds, place) with
            {
                AgainstPython = foreign.IndexOf(kind) is >= 0 and var counterpart
                    ? Distribution.OfRatios(seconds[place], seconds[kinds.Count + counterpart])
                    : null,
            }),
            .. foreign.Select((kind, place) => Compare(kind, "python", seconds, kinds.Count + place)),
        ];
    }

    /// <summary>The FP32 step in .NET is always the first.</summary>
    private static MeasuredStep Compare(StepKind kind, string runtime, double[][] seconds, int place) => new()
    {
        Name = kind.Name,
        Title = kind.Title,
        Runtime = runtime,
        Seconds = seconds[place],
        Time = Distribution.Of(seconds[place]),
        AgainstFp32 = Distribution.OfRatios(seconds[place], seconds[0]),
    };
}
