using System.CommandLine;
using System.Globalization;
using AdaQat;
using AdaQat.Quantizers;

namespace ResNet20Cifar.CommandLine;

/// <summary>The options of the sample's command line, with their help.</summary>
internal sealed class SampleOptions
{
    private static readonly RunOptions Defaults = new();
    private static readonly Dictionary<string, WidthSharing> Sharings = new(StringComparer.Ordinal)
    {
        ["network"] = WidthSharing.Network,
        ["layer"] = WidthSharing.Layer,
    };

    private static readonly Dictionary<string, ProbeChoice> ProbeChoices = new(StringComparer.Ordinal)
    {
        ["economical"] = ProbeChoice.Economical,
        ["every-step"] = ProbeChoice.EveryStep,
    };

    private static readonly Dictionary<string, WeightTransform> WeightTransforms = new(StringComparer.Ordinal)
    {
        ["tanh"] = AdaQat.Quantizers.WeightTransform.Tanh,
        ["linear"] = AdaQat.Quantizers.WeightTransform.Linear,
    };

    private static readonly Dictionary<string, PactStart> ClippingStarts = new(StringComparer.Ordinal)
    {
        ["percentile"] = PactStart.Percentile,
        ["least-error"] = PactStart.MinimumMeanSquaredError,
    };

    private static readonly Dictionary<string, string> Devices = new(StringComparer.Ordinal) { ["cpu"] = "cpu", ["cuda"] = "cuda" };

    public Option<string?> Data { get; } = TextOption.FilePath(
        "--data", "DIR",
            "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else (without network) procedural "
            + "images.");

    public Option<int> Epochs { get; } = TextOption.WholeNumber(
        "--epochs", "N", $"Passes over the training images; 0 only measures the network that --init names. [default: {Defaults.Epochs}]", 0,
            10_000);

    public Option<int> BatchSize { get; } = TextOption.WholeNumber(
        "--batch-size", "N", $"Images a training step. [default: {Defaults.BatchSize}]", 1, 50_000);

    public Option<double> Lambda { get; } = TextOption.Create(
        "--lambda",
        "X",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Weight of the hardware cost in the loss: larger gives fewer bits. [default: {Defaults.Lambda}]"),
        "finite numbers from 0",
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value >= 0);

    public Option<double?> TargetBitOps { get; } = TextOption.Create<double?>(
        "--target-bitops",
        "X",
        "Steer the weight of the hardware cost so that an image takes X bit operations at most, as in 0.5e9.",
        "finite numbers above 0",
        (string text, out double? value) =>
        {
            var good = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) && number > 0;
            value = number;
            return good;
        });

    public Option<int?> TrainImages { get; } = TextOption.OptionalWholeNumber(
        "--train-images", "N", "Train on the first N images only. [default: all]", 1, int.MaxValue);

    public Option<int?> TestImages { get; } = TextOption.OptionalWholeNumber(
        "--test-images", "N", "Measure on the first N test images only. [default: all]", 1, int.MaxValue);

    public Option<WidthSharing> Sharing { get; } = TextOption.Choice(
        "--sharing", "network|layer",
            "What shares one pair of bit-widths: the whole network, or each layer for itself. [default: network]", Sharings);

    public Option<ProbeChoice> Probes { get; } = TextOption.Choice(
        "--probes", "economical|every-step",
            "How often neighbouring bit-widths are tried: in some steps, or in every step and each of them. [default: economical]",
            ProbeChoices);

    public Option<BitPair?> FixedBits { get; } = TextOption.Create<BitPair?>(
        "--fixed-bits",
        "W,A",
        "Train at these weight and activation bits instead of learning them, as in 4,4.",
        $"two whole numbers from {BitPair.Least} to {BitPair.Most} with a comma between, as in 4,4",
        (string text, out BitPair? value) => (value = BitPair.TryParse(text)) is not null);

    public Option<bool> Float { get; } = TextOption.Switch("--float", "Train without quantization.");

    public Option<string?> Init { get; } = TextOption.FilePath(
        "--init", "CHECKPOINT", "Start from the weights of this checkpoint, of a float run for instance.");

    public Option<WeightTransform> WeightTransform { get; } = TextOption.Choice(
        "--weight-transform", "tanh|linear", "What is applied to weights before they are quantized. [default: tanh]", WeightTransforms);

    public Option<PactStart> ClippingStart { get; } = TextOption.Choice(
        "--clipping-start",
        "percentile|least-error",
        "Where activations are clipped at first: at the 99.9th percentile, or where quantizing loses least. [default: percentile]",
        ClippingStarts);

    public Option<int?> Calibrate { get; } = TextOption.OptionalWholeNumber(
        "--calibrate", "N",
            "With --init: start the ranges of activations from N training batches. [default: from the first batch, in training]", 1,
            int.MaxValue);

    public Option<int?> ReestimateBatchNorm { get; } = TextOption.OptionalWholeNumber(
        "--reestimate-batch-norm",
        "N",
        "With --init: measure the statistics of batch normalisation anew on N training batches before training. [default: leave them]",
        1,
        int.MaxValue);

    public Option<TeacherChoice?> Distill { get; } = TextOption.Create<TeacherChoice?>(
        "--distill",
        "CHECKPOINT[,T,W]",
        "Learn from the float network of this checkpoint too, at temperature T with weight W. [default of T,W: 4,0.5]",
        "a path, or a path, a temperature above 0 and a weight above 0, up to 1, with commas between",
        (string text, out TeacherChoice? value) => (value = TeacherChoice.TryParse(text)) is not null);

    public Option<bool> Front { get; } = TextOption.Switch(
        "--front", "Keep the checkpoints that no other beats in both test accuracy and bit operations, under front/ in --out.");

    public Option<string?> Out { get; } = TextOption.FilePath(
        "--out", "DIR", "Folder for run.json, history.csv and the checkpoint. [default: a new one under runs/]");

    public Option<long> Seed { get; } = TextOption.Create(
        "--seed",
        "N",
        $"Same seed, same result. [default: {Defaults.Seed}]",
        $"whole numbers from 0 to {long.MaxValue}",
        (string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    public Option<int?> Threads { get; } = TextOption.OptionalWholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    public Option<string> Device { get; } = TextOption.Choice(
        "--device", "cpu|cuda", $"Where to compute. [default: {Defaults.Device}]", Devices);

    public Option<bool> Resume { get; } = TextOption.Switch(
        "--resume", "Go on with the run in --out, with the options it was started with.");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        Data, Epochs, BatchSize, Lambda, TargetBitOps, TrainImages, TestImages, Sharing, Probes, FixedBits, Float, Init,
        WeightTransform, ClippingStart, Calibrate, ReestimateBatchNorm, Distill, Front, Out, Seed, Threads, Device, Resume,
    ];

    /// <summary>Whether a command line has an option.</summary>
    public static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>What a command line asks for.</summary>
    public Request Read(ParseResult result) => new(
        new RunOptions
        {
            Data = FullPath(Get(result, Data, Defaults.Data)),
            Epochs = Get(result, Epochs, Defaults.Epochs),
            BatchSize = Get(result, BatchSize, Defaults.BatchSize),
            Lambda = Get(result, Lambda, Defaults.Lambda),
            TargetBitOps = Get(result, TargetBitOps, Defaults.TargetBitOps),
            TrainImages = Get(result, TrainImages, Defaults.TrainImages),
            TestImages = Get(result, TestImages, Defaults.TestImages),
            WidthSharing = Get(result, Sharing, Defaults.WidthSharing),
            Probes = Get(result, Probes, Defaults.Probes),
            FixedBits = Get(result, FixedBits, Defaults.FixedBits),
            Unquantized = IsGiven(result, Float),
            Init = FullPath(Get(result, Init, Defaults.Init)),
            WeightTransform = Get(result, WeightTransform, Defaults.WeightTransform),
            ClippingStart = Get(result, ClippingStart, Defaults.ClippingStart),
            Calibrate = Get(result, Calibrate, Defaults.Calibrate),
            ReestimateBatchNorm = Get(result, ReestimateBatchNorm, Defaults.ReestimateBatchNorm),
            Distill = Get(result, Distill, Defaults.Distill) is { } teacher
                ? teacher with { Checkpoint = FullPath(teacher.Checkpoint)! } : null,
            Front = IsGiven(result, Front),
            Out = Get(result, Out, Defaults.Out),
            Seed = Get(result, Seed, Defaults.Seed),
            Threads = Get(result, Threads, Defaults.Threads),
            Device = Get(result, Device, Defaults.Device),
            Resume = IsGiven(result, Resume),
        },
        [.. All.Where(option => IsGiven(result, option)).Select(option => option.Name)]);

    /// <summary>A run may go on from another folder than it was started in.</summary>
    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static T Get<T>(ParseResult result, Option<T> option, T fallback) =>
        IsGiven(result, option) ? result.GetValue(option)! : fallback;
}
