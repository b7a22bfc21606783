using System.CommandLine;
using AdaQat.Studies.Networks;
using AdaQat.Studies.Sensitivity;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>sensitivity</c>.</summary>
public sealed class SensitivityCommand
{
    private static readonly SensitivityStudyOptions Defaults = new();

    private readonly Option<string?> _data = TextOption.FilePath(
        "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");

    private readonly Option<string> _network = TextOption.Choice(
        "--network", "NAME", $"The network. [default: {Defaults.Network}]",
        StudyNetwork.Names.ToDictionary(name => name, StringComparer.Ordinal));

    private readonly Option<string?> _init = TextOption.FilePath("--init", "CHECKPOINT", "Weights of a run in float. [default: random]");

    private readonly Option<int> _images = TextOption.WholeNumber(
        "--images", "N", $"Training images used. [default: {Defaults.Images}]", 1, 50_000);

    private readonly Option<int> _batchSize = TextOption.WholeNumber(
        "--batch-size", "N", $"Images a batch. [default: {Defaults.BatchSize}]", 1, 50_000);

    private readonly Option<bool> _whole = new("--whole") { Description = "Computes every forward as a whole, for comparison." };

    private readonly Option<int> _threads = TextOption.WholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    private readonly Option<string?> _out = TextOption.FilePath(
        "--out", "DIR", $"Where rows and page go; an analysis that was begun there goes on. [default: {Defaults.Out}]");

    private SensitivityCommand()
    {
    }

    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<SensitivityStudyOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var options = new SensitivityCommand();
        var command = new Command("sensitivity", "Finds what each layer's bits cost: a table, a file and a page.")
        {
            options._data, options._network, options._init, options._images, options._batchSize, options._whole, options._threads,
            options._out,
        };
        command.SetAction(result => study(options.ToOptions(result)));
        return command;
    }

    private SensitivityStudyOptions ToOptions(ParseResult result) => new()
    {
        Data = result.Or(_data, null),
        Network = result.Or(_network, Defaults.Network)!,
        Init = result.Or(_init, null),
        Images = result.Or(_images, Defaults.Images),
        BatchSize = result.Or(_batchSize, Defaults.BatchSize),
        Whole = result.GetValue(_whole),
        Threads = result.Given(_threads),
        Out = result.Or(_out, Defaults.Out)!,
    };
}
