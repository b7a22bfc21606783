using System.CommandLine;
using AdaQat.Studies.Channels;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>channels</c>.</summary>
public static class ChannelsCommand
{
    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<ComparisonOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var usual = new ComparisonOptions { Out = "runs/channels" };
        var data = TextOption.FilePath(
            "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");
        var folder = TextOption.FilePath(
            "--out", "DIR", $"The folder with a folder for each run; what was begun there goes on. [default: {usual.Out}]");
        var limit = TextOption.Choice<ComparedLimit?>(
            "--limit", "WHAT", "Under which limit, macs or parameters. [default: first one, then the other]",
            Enum.GetValues<ComparedLimit>().ToDictionary(l => l.ToString().ToLowerInvariant(), l => (ComparedLimit?)l));
        var seeds = TextOption.WholeNumber("--seeds", "N", $"Seeds 1 to N. [default: {usual.Seeds}]", 1, PairedDifference.MostPairs);
        var trainImages = TextOption.WholeNumber(
            "--train-images", "N", $"Training images used. [default: {usual.TrainImages}]", 4, 50_000);
        var testImages = TextOption.WholeNumber("--test-images", "N", "Test images used. [default: all]", 1, 10_000);
        var searchEpochs = TextOption.WholeNumber(
            "--search-epochs", "N", $"Epochs of each search. [default: {usual.SearchEpochs}]", 1, 10_000);
        var retrainEpochs = TextOption.WholeNumber(
            "--retrain-epochs", "N", $"Epochs of each training anew. [default: {usual.RetrainEpochs}]", 1, 10_000);
        var bits = TextOption.WholeNumber("--bits", "N", $"Bits of weights and inputs. [default: {usual.Bits}]", 1, 8);
        var threads = TextOption.WholeNumber("--threads", "N", "CPU threads. [default: all processors]", 1, 1024);
        var device = TorchRuntime.DeviceOption();
        var table = TextOption.Switch("--table", "Only print the table of what is finished.");
        var command = new Command(
            "channels", "Compares ways to find a network's channels at equal cost: uniform, by chance, pruning, expansion.")
        {
            data, folder, limit, seeds, trainImages, testImages, searchEpochs, retrainEpochs, bits, threads, device, table,
        };
        command.SetAction(result => study(new ComparisonOptions
        {
            Data = result.Or(data, null) is { } path ? Path.GetFullPath(path) : null,
            Out = Path.GetFullPath(result.Or(folder, usual.Out)!),
            Limit = result.Or(limit, null),
            Seeds = result.Or(seeds, usual.Seeds),
            TrainImages = result.Or(trainImages, usual.TrainImages),
            TestImages = result.Given(testImages),
            SearchEpochs = result.Or(searchEpochs, usual.SearchEpochs),
            RetrainEpochs = result.Or(retrainEpochs, usual.RetrainEpochs),
            Bits = result.Or(bits, usual.Bits),
            Threads = result.Given(threads),
            Device = result.Or(device, usual.Device)!,
            TableOnly = result.GetValue(table),
        }));
        return command;
    }
}
