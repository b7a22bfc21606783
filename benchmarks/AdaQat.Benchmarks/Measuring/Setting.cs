using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Python;
using AdaQat.Benchmarks.Steps;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Measuring;

/// <summary>Measures all steps of one network at one batch size and number of threads.</summary>
internal sealed class Setting(BenchmarkOptions options, NetworkKind network, int batchSize, int threads, PythonInterpreter? python)
{
    private readonly int _stepsPerRound = Rounds.CommonPeriod(options.Kinds.Select(kind => kind.Period));

    public MeasuredSetting Measure()
    {
        // In processes of their own, which are gone before the first time is taken.
        var memory = options.Kinds.Select(kind => options.Memory ? MemoryOf(kind) : null).ToList();
        set_num_threads(threads);
        using var batch = new SyntheticBatch(batchSize, network.Input);
        using var child = network.IsInPython ? python?.Start(batchSize, threads) : null;
        var own = new List<NetworkStep>();
        try
        {
            own.AddRange(options.Kinds.Select(kind => new NetworkStep(network, kind, batch)));
            var foreign = child is null ? [] : options.Kinds.Where(kind => kind.IsInPython).ToList();
            ITimedStep[] steps = [.. own, .. foreign.Select(kind => new PythonStep(child!, kind))];

            var pause = TimeSpan.FromMilliseconds(options.PauseMilliseconds);
            // At least a period, so that nothing happens for the first time while time is taken.
            Rounds.Run(steps, 1, Math.Max(options.WarmUpSteps, _stepsPerRound), pause);
            var seconds = Rounds.Run(steps, options.Repetitions, _stepsPerRound, pause);
            return new MeasuredSetting(network.Name, network.Title, batchSize, threads, _stepsPerRound, Compare(seconds, foreign, memory));
        }
        finally
        {
            own.ForEach(step => step.Dispose());
        }
    }

    private StepMemory MemoryOf(StepKind kind)
    {
        var measured = new MemoryOptions { Kind = kind, Network = network, BatchSize = batchSize, Threads = threads };
        return new StepMemory(PeakMemoryProcess.Measure(measured, exact: true), PeakMemoryProcess.Measure(measured, exact: false));
    }

    private List<MeasuredStep> Compare(double[][] seconds, List<StepKind> foreign, List<StepMemory?> memory)
    {
        var kinds = options.Kinds;
        return
        [
            .. kinds.Select((kind, place) => Compare(kind, "dotnet", seconds, place) with
            {
                AgainstPython = foreign.IndexOf(kind) is >= 0 and var counterpart
                    ? Distribution.OfRatios(seconds[place], seconds[kinds.Count + counterpart])
                    : null,
                Memory = memory[place],
                Fp32Memory = memory[0],
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
        Period = kind.Period,
        Seconds = seconds[place],
        Time = Distribution.Of(seconds[place]),
        AgainstFp32 = Distribution.OfRatios(seconds[place], seconds[0]),
    };
}
