using System.CommandLine;
using AdaQat.Studies.ProbeError;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>probe-error</c>.</summary>
public sealed class ProbeErrorCommand
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

    private ProbeErrorCommand()
    {
    }

    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<ProbeErrorOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var options = new ProbeErrorCommand();
        var command = new Command(
            "probe-error",
            "Compares ways to find each layer's finite difference with measuring all of them, on ResNet-20 without training it.")
        {
            options._data, options._init, options._bits, options._images, options._batchSize, options._probes, options._seed,
            options._threads, options._csv,
        };
        command.SetAction(result => study(options.ToOptions(result)));
        return command;
    }

    private ProbeErrorOptions ToOptions(ParseResult result)
    {
        var bits = result.Or(_bits, null);
        return new ProbeErrorOptions
        {
            Data = result.Or(_data, Defaults.Data),
            Init = result.Or(_init, Defaults.Init),
            WeightBits = bits?.Weights ?? Defaults.WeightBits,
            ActivationBits = bits?.Activations ?? Defaults.ActivationBits,
            Images = result.Or(_images, Defaults.Images),
            BatchSize = result.Or(_batchSize, Defaults.BatchSize),
            Probes = result.Or(_probes, Defaults.Probes),
            Seed = result.Or(_seed, Defaults.Seed),
            Threads = result.Given(_threads) ?? Defaults.Threads,
            Csv = result.Or(_csv, Defaults.Csv),
        };
    }
}
