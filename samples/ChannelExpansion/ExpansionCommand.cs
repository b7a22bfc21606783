using System.CommandLine;
using System.Globalization;
using AdaQat.Search;
using Samples.CommandLine;
using static Samples.CommandLine.TextOption;

namespace ChannelExpansion;

/// <summary>The command line.</summary>
public static class ExpansionCommand
{
    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    /// <param name="arguments">Words.</param>
    /// <param name="output">Takes the help.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public static int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Func<ExpansionRequest, int> run)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(run);
        var usual = new ExpansionOptions();
        var root = new RootCommand("Searches the channels of a ResNet-20 of few bits on CIFAR-10, and trains the network that it finds.");
        var options = new List<(Option Option, Func<ParseResult, ExpansionOptions, ExpansionOptions> Set)>();
        void Add<T>(Option<T> option, Func<ExpansionOptions, T, ExpansionOptions> set)
        {
            root.Add(option);
            options.Add((option, (result, o) => set(o, result.GetValue(option)!)));
        }

        Add(FilePath("--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else (without "
            + "network) procedural images."), (o, path) => o with { Data = Path.GetFullPath(path!) });
        Add(
            Choice(
                "--method",
                "uniform|multiplier|prune|expand|random",
                "The network as it is, one factor on all channels, a search that makes layers narrower (TAS), or wider too (NCE), "
                    + "or channels by chance, its control. [default: expand]",
                Enum.GetValues<SearchMethod>().ToDictionary(method => method.ToString().ToLowerInvariant(), StringComparer.Ordinal)),
            (o, method) => o with { Method = method });
        Add(
            Create<StageChannels?>(
                "--channels",
                "A,B,C",
                $"The channels of the three stages that a search begins with, and that `uniform` trains. [default: {usual.Channels}]",
                $"three whole numbers from 1 to {StageChannels.Most}, as in {usual.Channels}",
                StageChannels.TryParse),
            (o, channels) => o with { Channels = channels! });
        Add(
            WholeNumber("--search-epochs", "N", $"Epochs of the search. [default: {usual.SearchEpochs}]", 1, 10_000),
            (o, n) => o with { SearchEpochs = n });
        Add(
            WholeNumber("--retrain-epochs", "N", $"Epochs of the training anew. [default: {usual.RetrainEpochs}]", 1, 10_000),
            (o, n) => o with { RetrainEpochs = n });
        Add(
            Create(
                "--bits",
                "N",
                $"Bits of weights and activations, of the first and last layer 8; 32 is float. [default: {usual.Bits}]",
                "whole numbers from 1 to 24, and 32",
                (string text, out int bits) =>
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits is (>= 1 and <= 24) or 32),
            (o, n) => o with { Bits = n });
        Add(
            Number(
                "--target-macs", "X", "Multiplications of an image at most, as in 40e6. [default: those of --channels]",
                "above 0", x => x > 0),
            (o, x) => o with { TargetMacs = x });
        Add(
            Number("--target-parameters", "X", "Parameters at most, in place of multiplications or besides.", "above 0", x => x > 0),
            (o, x) => o with { TargetParameters = x });
        Add(
            Number("--threshold", "X", string.Create(CultureInfo.InvariantCulture,
                $"T: layers whose widest candidate is preferred by more grow. [default: {usual.Threshold}]"), "above 0", x => x > 0),
            (o, x) => o with { Threshold = x });
        Add(
            Number("--growth", "X", string.Create(CultureInfo.InvariantCulture,
                $"How much a layer grows at a time, as a share of its channels at the start. [default: {usual.Growth}]"), "above 0",
                x => x > 0),
            (o, x) => o with { Growth = x });
        Add(
            Number("--growth-interval", "X", string.Create(CultureInfo.InvariantCulture,
                $"Epochs from one time that layers may grow to the next; 0.5 is twice an epoch. [default: {usual.GrowthInterval}]"),
                "above 0", x => x > 0),
            (o, x) => o with { GrowthInterval = x });
        Add(
            Choice(
                "--mixing",
                "interpolate|align",
                "How the search puts two candidates together: the narrower one's channels spread over the wider one's, or in their places. "
                    + $"[default: {usual.Mixing.ToString().ToLowerInvariant()}]",
                Enum.GetValues<ChannelMixing>().ToDictionary(mixing => mixing.ToString().ToLowerInvariant(), StringComparer.Ordinal)),
            (o, mixing) => o with { Mixing = mixing });
        Add(
            WholeNumber("--train-images", "N", "Train on the first N images only, at least 4. [default: all]", 4),
            (o, n) => o with { TrainImages = n });
        Add(
            WholeNumber("--test-images", "N", "Measure on the first N test images only. [default: all]", 1),
            (o, n) => o with { TestImages = n });
        var folder = FilePath(
            "--out", "DIR", "Folder for plan.json, run.json, histories and checkpoints. [default: a new one under runs/]");
        var resume = Switch("--resume", "Go on with the run in --out, with the options it was started with.");
        Add(
            folder,
            (o, path) => o with { Out = path });
        Add(Seed($"Same seed, same result. [default: {usual.Seed}]"), (o, seed) => o with { Seed = seed });
        Add(WholeNumber("--threads", "N", "CPU threads. [default: all processors]", 1, 1024), (o, n) => o with { Threads = n });
        Add(TorchRuntime.DeviceOption(), (o, device) => o with { Device = device });
        Add(resume, (o, _) => o with { Resume = true });
        root.SetAction(result =>
        {
            var given = options.Where(o => result.IsGiven(o.Option)).ToList();
            return run(new ExpansionRequest(
                given.Aggregate(new ExpansionOptions(), (all, o) => o.Set(result, all)), [.. given.Select(o => o.Option.Name)]));
        });

        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var faults = parsed.Errors.Select(fault => fault.Message).ToList();
        if (faults.Count == 0 && parsed.Action is not System.CommandLine.Help.HelpAction
            && parsed.IsGiven(resume) && !parsed.IsGiven(folder))
        {
            faults.Add("--resume needs --out: the folder of the run to go on with.");
        }

        if (faults.Count == 0 || parsed.Action is System.CommandLine.Help.HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        faults.ForEach(error.WriteLine);
        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }
}
