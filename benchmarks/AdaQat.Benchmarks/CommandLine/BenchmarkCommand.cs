using System.CommandLine;
using AdaQat.Benchmarks.Steps;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The benchmarks' command line: its options, their help and their checks.</summary>
public sealed class BenchmarkCommand
{
    private static readonly BenchmarkOptions Defaults = new();

    private readonly Option<IReadOnlyList<StepKind>?> _kinds = ListOption.Choices(
        "--kinds",
        $"Which kinds of step to compare with FP32: {string.Join(", ", StepKinds.All.Select(kind => kind.Name))}. [default: {Text(Defaults.Kinds.Select(kind => kind.Name))}]",
        StepKinds.All.ToDictionary(kind => kind.Name, StringComparer.Ordinal));

    private readonly Option<IReadOnlyList<int>?> _batchSizes = ListOption.Integers(
        "--batch-sizes", $"Images a step; each number is measured. [default: {Text(Defaults.BatchSizes)}]", 1, 4096, "32,128");

    private readonly Option<IReadOnlyList<int>?> _threads = ListOption.Integers(
        "--threads", "CPU threads; each number is measured. [default: the number of cores]", 1, 1024, "1,2");

    private readonly Option<int> _repetitions = TextOption.Integer(
        "--repetitions", "N", $"Rounds that count; each takes every step once. [default: {Defaults.Repetitions}]", 1, 100_000);

    private readonly Option<int> _warmUp = TextOption.Integer(
        "--warm-up", "N", $"Rounds before those. [default: {Defaults.WarmUpRounds}]", 1, 1000);

    private readonly Option<int> _pause = TextOption.Integer(
        "--pause", "MS", $"Milliseconds before each step, for threads that wait actively to fall asleep. [default: {Defaults.PauseMilliseconds}]", 0, 10_000);

    private readonly Option<bool> _python = TextOption.Switch(
        "--python", "Take the same steps in plain PyTorch too, in the same rounds; needs a python3 with torch.");

    private readonly Option<string?> _json = TextOption.FilePath("--json", "FILE", "Write all numbers there, with the facts of the machine.");

    private readonly RootCommand _root;

    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public BenchmarkCommand(Func<BenchmarkOptions, int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _root = new RootCommand(
            "Times training steps of ResNet-20, all in one run and in turns, and compares them with the FP32 step. " +
            "Where other programs keep the cores busy, set OMP_WAIT_POLICY=PASSIVE: threads that wait actively for one without a core take many times as long.")
        {
            _kinds, _batchSizes, _threads, _repetitions, _warmUp, _pause, _python, _json,
        };
        _root.SetAction(result => run(ToOptions(result)));
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
        Kinds = StepKinds.WithBaseline(Get(result, _kinds, Defaults.Kinds)!),
        BatchSizes = Get(result, _batchSizes, Defaults.BatchSizes)!,
        Threads = Get(result, _threads, Defaults.Threads)!,
        Repetitions = Get(result, _repetitions, Defaults.Repetitions),
        WarmUpRounds = Get(result, _warmUp, Defaults.WarmUpRounds),
        PauseMilliseconds = Get(result, _pause, Defaults.PauseMilliseconds),
        Python = IsGiven(result, _python),
        Json = Get(result, _json, Defaults.Json),
    };

    private static T? Get<T>(ParseResult result, Option<T> option, T? fallback) => IsGiven(result, option) ? result.GetValue(option) : fallback;

    private static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static string Text<T>(IEnumerable<T> values) => string.Join(',', values);
}
