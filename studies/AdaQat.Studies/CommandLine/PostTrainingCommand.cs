using System.CommandLine;
using AdaQat.Studies.AfterTraining;
using AdaQat.Studies.Networks;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>post-training</c>.</summary>
public sealed class PostTrainingCommand
{
    private static readonly PostTrainingStudyOptions Defaults = new();

    private readonly Option<string?> _data = TextOption.FilePath(
        "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");

    private readonly Option<string> _network = TextOption.Choice(
        "--network", "NAME", $"The network. [default: {Defaults.Network}]",
        StudyNetwork.Names.ToDictionary(name => name, StringComparer.Ordinal));

    private readonly Option<string?> _init = TextOption.FilePath(
        "--init", "CHECKPOINT", "The trained weights; without it they are random, and the figures say little.");

    private readonly Option<int> _images = TextOption.WholeNumber(
        "--images",
        "N",
        $"Training images, without labels, that ranges and corrections come from. [default: {Defaults.Images}]",
        1,
        50_000);

    private readonly Option<int> _testImages = TextOption.WholeNumber(
        "--test-images", "N", "Test images used. [default: all]", 1, 10_000);

    private readonly Option<bool> _full = new("--full")
    {
        Description = "Combine every observer with every correction, not the one of least squared error alone.",
    };

    private readonly Option<string?> _corrections = TextOption.Create<string?>(
        "--corrections",
        "NAMES",
        "Only these corrections, with commas between. [default: all]",
        $"some of {string.Join(",", StudyCorrection.Names)}",
        (string text, out string? value) => (value = text).Split(',').All(StudyCorrection.Names.Contains));

    private readonly Option<int> _threads = TextOption.WholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    private readonly Option<string?> _csv = TextOption.FilePath(
        "--csv", "FILE", "Keep rows there; those that are there already are not computed again.");

    private PostTrainingCommand()
    {
    }

    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<PostTrainingStudyOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var options = new PostTrainingCommand();
        var command = new Command("post-training", "Quantizes a trained network without training it: widths, observers, corrections.")
        {
            options._data, options._network, options._init, options._images, options._testImages, options._full,
            options._corrections, options._threads, options._csv,
        };
        command.SetAction(result => study(options.ToOptions(result)));
        return command;
    }

    private PostTrainingStudyOptions ToOptions(ParseResult result) => new()
    {
        Data = result.Or(_data, null),
        Network = result.Or(_network, Defaults.Network)!,
        Init = result.Or(_init, null),
        Images = result.Or(_images, Defaults.Images),
        TestImages = result.Given(_testImages),
        IsFull = result.GetValue(_full),
        Corrections = result.Or(_corrections, null),
        Threads = result.Given(_threads),
        Csv = result.Or(_csv, null),
    };
}
