using System.CommandLine;
using AdaQat.Studies.ProbeError;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command line of the studies: one command each, its options, their help and their checks.</summary>
public sealed class StudyCommand
{
    private static readonly ProbeErrorOptions Defaults = new();

    private readonly Option<string?> _data = TextOption.FilePath(
        "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");

    private readonly Option<string?> _init = TextOption.FilePath(
        "--init", "CHECKPOINT",
            "The weights of ResNet-20, from a run of the sample; without it they are random, and the figures say little.");

    private readonly Option<BitPair?> _bits = TextOption.Create<BitPair?>(
        "--bits",
        "W,A",
        $"The widths of weights and activations at which differences are taken. [default: {Defaults.WeightBits},{Defaults.ActivationBits}]",
        "two whole numbers from 2 to 8 with a comma between, as in 4,4",
        (string text, out BitPair? value) => (value = BitPair.TryParse(text)) is { Weights: >= 2 and <= 8, Activations: >= 2 and <= 8 });

    private readonly Option<int> _images = TextOption.WholeNumber(
        "--images", "N", $"Training images used. [default: {Defaults.Images}]", 1, 50_000);

    private readonly Option<int> _batchSize = TextOption.WholeNumber(
        "--batch-size", "N", $"Images a step. [default: {Defaults.BatchSize}]", 1, 50_000);

    private readonly Option<int> _probes = TextOption.WholeNumber(
        "--probes", "N", $"Widths that a step measures, where it does not measure all. [default: {Defaults.Probes}]", 1, 1000);

    private readonly Option<long> _seed = TextOption.Seed($"Order and augmentation of the images. [default: {Defaults.Seed}]");

    private readonly Option<int> _threads = TextOption.WholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    private readonly Option<string?> _csv = TextOption.FilePath(
        "--csv", "FILE", "Write every single difference there: a row a step and width.");

    private readonly RootCommand _root;

    /// <param name="probeError">Does what a good command line asks for; returns the exit code.</param>
    public StudyCommand(Func<ProbeErrorOptions, int> probeError)
    {
        ArgumentNullException.ThrowIfNull(probeError);
        var command = new Command(
            "probe-error",
            "Compares ways to find each layer's finite difference with measuring all of them, on ResNet-20 without training it.")
        {
            _data, _init, _bits, _images, _batchSize, _probes, _seed, _threads, _csv,
        };
        command.SetAction(result => probeError(ToOptions(result)));
        _root = new RootCommand("Studies of AdaQat: measurements behind what its documentation says.") { command };
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

    private ProbeErrorOptions ToOptions(ParseResult result)
    {
        var bits = Get(result, _bits, null);
        return new ProbeErrorOptions
        {
            Data = Get(result, _data, Defaults.Data),
            Init = Get(result, _init, Defaults.Init),
            WeightBits = bits?.Weights ?? Defaults.WeightBits,
            ActivationBits = bits?.Activations ?? Defaults.ActivationBits,
            Images = Get(result, _images, Defaults.Images),
            BatchSize = Get(result, _batchSize, Defaults.BatchSize),
            Probes = Get(result, _probes, Defaults.Probes),
            Seed = Get(result, _seed, Defaults.Seed),
            Threads = result.Given(_threads) ?? Defaults.Threads,
            Csv = Get(result, _csv, Defaults.Csv),
        };
    }

    private static T? Get<T>(ParseResult result, Option<T> option, T? fallback) =>
        result.GetResult(option) is { Implicit: false } ? result.GetValue(option) : fallback;
}
