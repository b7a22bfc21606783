using System.CommandLine;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Steps;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The benchmarks' command line: its options, their help and their checks.</summary>
public sealed class BenchmarkCommand
{
    private static readonly BenchmarkOptions Defaults = new();

    private readonly Option<IReadOnlyList<StepKind>?> _kinds = ListOption.Choices(
        "--kinds",
        $"Which kinds of step to compare with FP32: {string.Join(", ", StepKinds.All.Select(kind => kind.Name))}. [default: "
        + $"{Text(Defaults.Kinds.Select(kind => kind.Name))}]",
        StepKinds.All.ToDictionary(kind => kind.Name, StringComparer.Ordinal));

    private readonly Option<IReadOnlyList<NetworkKind>?> _networks = ListOption.Choices(
        "--networks",
        $"The networks; each is measured. Which there are: {string.Join(", ", NetworkKinds.All.Select(kind => kind.Name))}. "
        + $"[default: {Text(Defaults.Networks.Select(kind => kind.Name))}]",
        NetworkKinds.All.ToDictionary(kind => kind.Name, StringComparer.Ordinal));

    private readonly Option<IReadOnlyList<int>?> _batchSizes = ListOption.Integers(
        "--batch-sizes", $"Images a step; each number is measured. [default: {Text(Defaults.BatchSizes)}]", 1, 4096, "32,128");

    private readonly Option<IReadOnlyList<int>?> _threads = ListOption.Integers(
        "--threads", "CPU threads; each number is measured. [default: the number of cores]", 1, 1024, "1,2");

    private readonly Option<int> _repetitions = TextOption.WholeNumber(
        "--repetitions", "N",
            "Rounds that count; each takes every kind of step once, or as often as the longest schedule of probes needs. [default: "
            + $"{Defaults.Repetitions}]", 1, 100_000);

    private readonly Option<int> _warmUp = TextOption.WholeNumber(
        "--warm-up", "N", $"Steps of each kind before those, at least a schedule's period. [default: {Defaults.WarmUpSteps}]", 1, 1000);

    private readonly Option<int> _pause = TextOption.WholeNumber(
        "--pause", "MS",
            $"Milliseconds before each step, for threads that wait actively to fall asleep. [default: {Defaults.PauseMilliseconds}]", 0,
            10_000);

    private readonly Option<bool> _python = TextOption.Switch(
        "--python", "Take the same steps of ResNet-20 in plain PyTorch too, in the same rounds; needs a python3 with torch.");

    private readonly Option<bool> _noMemory = TextOption.Switch(
        "--no-memory", "Leave out the peak of memory, for which every kind of step gets a process of its own.");

    private readonly Option<string?> _json = TextOption.FilePath(
        "--json", "FILE", "Write all numbers there, with the facts of the machine.");

    private readonly RootCommand _root;

    /// <param name="verbs">Do what a good command line asks for.</param>
    public BenchmarkCommand(BenchmarkVerbs verbs)
    {
        ArgumentNullException.ThrowIfNull(verbs);
        _root = new RootCommand(
            "Times training steps, all in one run and in turns, and compares them with the FP32 step. " +
            "Where other programs keep the cores busy, set OMP_WAIT_POLICY=PASSIVE: threads that wait actively for one without a "
            + "core take many times as long.")
        {
            _kinds, _networks, _batchSizes, _threads, _repetitions, _warmUp, _pause, _python, _noMemory, _json,
            KernelsCommand.Create(verbs.Kernels), IntegersCommand.Create(verbs.Integers), OnnxCommand.Create(verbs.Onnx),
            SearchCommand.Create(verbs.Search), SoakCommand.Create(verbs.Soak), MemoryCommand.Create(verbs.Memory),
        };
        _root.SetAction(result => verbs.Steps(ToOptions(result)));
    }

    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count == 0 || result.Action is System.CommandLine.Help.HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var fault in result.Errors)
        {
            error.WriteLine(fault.Message);
        }

        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }

    private BenchmarkOptions ToOptions(ParseResult result) => new()
    {
        Kinds = StepKinds.WithBaseline(result.Get(_kinds, Defaults.Kinds)!),
        Networks = result.Get(_networks, Defaults.Networks)!,
        BatchSizes = result.Get(_batchSizes, Defaults.BatchSizes)!,
        Threads = result.Get(_threads, Defaults.Threads)!,
        Repetitions = result.Get(_repetitions, Defaults.Repetitions),
        WarmUpSteps = result.Get(_warmUp, Defaults.WarmUpSteps),
        PauseMilliseconds = result.Get(_pause, Defaults.PauseMilliseconds),
        Python = result.IsGiven(_python),
        Memory = !result.IsGiven(_noMemory),
        Json = result.Get(_json, Defaults.Json),
    };

    private static string Text<T>(IEnumerable<T> values) => string.Join(',', values);
}
