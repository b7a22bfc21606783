using System.CommandLine;
using System.Globalization;
using AdaQat;
using AdaQat.Quantizers;

namespace ResNet20Cifar.CommandLine;

/// <summary>The sample's command line: its options, their help and their checks.</summary>
public sealed class SampleCommand
{
    private static readonly RunOptions Defaults = new();
    private static readonly Dictionary<string, WidthGranularity> Granularities = new(StringComparer.Ordinal)
    {
        ["network"] = WidthGranularity.Network,
        ["layer"] = WidthGranularity.Layer,
    };

    private static readonly Dictionary<string, ProbeChoice> ProbeChoices = new(StringComparer.Ordinal)
    {
        ["economical"] = ProbeChoice.Economical,
        ["every-step"] = ProbeChoice.EveryStep,
    };

    private static readonly Dictionary<string, WeightTransform> WeightTransforms = new(StringComparer.Ordinal)
    {
        ["tanh"] = WeightTransform.Tanh,
        ["linear"] = WeightTransform.Linear,
    };

    private static readonly Dictionary<string, PactStart> ClippingStarts = new(StringComparer.Ordinal)
    {
        ["percentile"] = PactStart.Percentile,
        ["least-error"] = PactStart.MinimumMeanSquaredError,
    };

    private static readonly Dictionary<string, string> Devices = new(StringComparer.Ordinal) { ["cpu"] = "cpu", ["cuda"] = "cuda" };

    private readonly Option<string?> _data = TextOption.FilePath(
        "--data", "DIR",
            "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else (without network) procedural "
            + "images.");

    private readonly Option<int> _epochs = TextOption.WholeNumber(
        "--epochs", "N", $"Passes over the training images; 0 only measures the network that --init names. [default: {Defaults.Epochs}]", 0,
            10_000);

    private readonly Option<int> _batchSize = TextOption.WholeNumber(
        "--batch-size", "N", $"Images a training step. [default: {Defaults.BatchSize}]", 1, 50_000);

    private readonly Option<double> _lambda = TextOption.Create(
        "--lambda",
        "X",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Weight of the hardware cost in the loss: larger gives fewer bits. [default: {Defaults.Lambda}]"),
        "finite numbers from 0",
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value >= 0);

    private readonly Option<double?> _targetBitOps = TextOption.Create<double?>(
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

    private readonly Option<int?> _trainImages = TextOption.OptionalWholeNumber(
        "--train-images", "N", "Train on the first N images only. [default: all]", 1, int.MaxValue);

    private readonly Option<int?> _testImages = TextOption.OptionalWholeNumber(
        "--test-images", "N", "Measure on the first N test images only. [default: all]", 1, int.MaxValue);

    private readonly Option<WidthGranularity> _granularity = TextOption.Choice(
        "--granularity", "network|layer",
            "What shares one pair of bit-widths: the whole network, or each layer for itself. [default: network]", Granularities);

    private readonly Option<ProbeChoice> _probes = TextOption.Choice(
        "--probes", "economical|every-step",
            "How often neighbouring bit-widths are tried: in some steps, or in every step and each of them. [default: economical]",
            ProbeChoices);

    private readonly Option<BitPair?> _fixedBits = TextOption.Create<BitPair?>(
        "--fixed-bits",
        "W,A",
        "Train at these weight and activation bits instead of learning them, as in 4,4.",
        $"two whole numbers from {BitPair.Least} to {BitPair.Most} with a comma between, as in 4,4",
        (string text, out BitPair? value) => (value = BitPair.TryParse(text)) is not null);

    private readonly Option<bool> _float = TextOption.Switch("--float", "Train without quantization.");

    private readonly Option<string?> _init = TextOption.FilePath(
        "--init", "CHECKPOINT", "Start from the weights of this checkpoint, of a float run for instance.");

    private readonly Option<WeightTransform> _weightTransform = TextOption.Choice(
        "--weight-transform", "tanh|linear", "What is applied to weights before they are quantized. [default: tanh]", WeightTransforms);

    private readonly Option<PactStart> _clippingStart = TextOption.Choice(
        "--clipping-start",
        "percentile|least-error",
        "Where activations are clipped at first: at the 99.9th percentile, or where quantizing loses least. [default: percentile]",
        ClippingStarts);

    private readonly Option<int?> _calibrate = TextOption.OptionalWholeNumber(
        "--calibrate", "N",
            "With --init: start the ranges of activations from N training batches. [default: from the first batch, in training]", 1,
            int.MaxValue);

    private readonly Option<int?> _reestimateBatchNorm = TextOption.OptionalWholeNumber(
        "--reestimate-batch-norm",
        "N",
        "With --init: measure the statistics of batch normalisation anew on N training batches before training. [default: leave them]",
        1,
        int.MaxValue);

    private readonly Option<TeacherChoice?> _distill = TextOption.Create<TeacherChoice?>(
        "--distill",
        "CHECKPOINT[,T,W]",
        "Learn from the float network of this checkpoint too, at temperature T with weight W. [default of T,W: 4,0.5]",
        "a path, or a path, a temperature above 0 and a weight above 0, up to 1, with commas between",
        (string text, out TeacherChoice? value) => (value = TeacherChoice.TryParse(text)) is not null);

    private readonly Option<bool> _front = TextOption.Switch(
        "--front", "Keep the checkpoints that no other beats in both test accuracy and bit operations, under front/ in --out.");

    private readonly Option<string?> _out = TextOption.FilePath(
        "--out", "DIR", "Folder for run.json, history.csv and the checkpoint. [default: a new one under runs/]");

    private readonly Option<long> _seed = TextOption.Create(
        "--seed",
        "N",
        $"Same seed, same result. [default: {Defaults.Seed}]",
        $"whole numbers from 0 to {long.MaxValue}",
        (string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    private readonly Option<int?> _threads = TextOption.OptionalWholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    private readonly Option<string> _device = TextOption.Choice(
        "--device", "cpu|cuda", $"Where to compute. [default: {Defaults.Device}]", Devices);

    private readonly Option<bool> _resume = TextOption.Switch(
        "--resume", "Go on with the run in --out, with the options it was started with.");

    private readonly RootCommand _root;

    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public SampleCommand(Func<Request, int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _root = new RootCommand("Trains ResNet-20 on CIFAR-10 while AdaQAT learns the bit-widths of its weights and activations.")
        {
            _data, _epochs, _batchSize, _lambda, _targetBitOps, _trainImages, _testImages, _granularity, _probes, _fixedBits, _float, _init,
            _weightTransform, _clippingStart, _calibrate, _reestimateBatchNorm, _distill, _front, _out, _seed, _threads, _device, _resume,
        };
        _root.SetAction(result => run(ToRequest(result)));
    }

    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var faults = result.Errors.Count > 0 ? [.. result.Errors.Select(fault => fault.Message)] : Conflicts(result).ToList();
        if (faults.Count == 0 || result.Action is System.CommandLine.Help.HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var fault in faults)
        {
            error.WriteLine(fault);
        }

        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }

    /// <summary>Options that are good each for itself but not together; none is ignored in silence.</summary>
    private IEnumerable<string> Conflicts(ParseResult result)
    {
        var isFixed = IsGiven(result, _fixedBits);
        var isFloat = IsGiven(result, _float);
        if (isFixed && isFloat)
        {
            yield return "--fixed-bits and --float exclude each other: a run has given widths or is not quantized at all.";
        }

        if (isFixed || isFloat)
        {
            foreach (var option in new Option[] { _lambda, _targetBitOps, _granularity, _probes }.Where(option => IsGiven(result, option)))
            {
                yield return $"{option.Name} is for learned bit-widths and has no meaning with "
                    + $"{(isFloat ? _float : (Option)_fixedBits).Name}.";
            }
        }

        if (isFloat)
        {
            Option[] forQuantized = [_weightTransform, _clippingStart, _calibrate, _front];
            foreach (var option in forQuantized.Where(option => IsGiven(result, option)))
            {
                yield return $"{option.Name} is for quantized networks and has no meaning with {_float.Name}.";
            }
        }

        if (!IsGiven(result, _resume) && !IsGiven(result, _init))
        {
            foreach (var option in new Option[] { _calibrate, _reestimateBatchNorm }.Where(option => IsGiven(result, option)))
            {
                yield return $"{option.Name} is for a trained network and needs --init CHECKPOINT.";
            }

            if (MeasuresOnly(result))
            {
                yield return "--epochs 0 measures a trained network and needs --init CHECKPOINT.";
            }
        }

        if (MeasuresOnly(result))
        {
            foreach (var option in new Option[] { _lambda, _targetBitOps, _distill, _front }.Where(option => IsGiven(result, option)))
            {
                yield return $"{option.Name} is for training and has no meaning with --epochs 0.";
            }
        }

        if (IsGiven(result, _lambda) && IsGiven(result, _targetBitOps))
        {
            yield return "--lambda and --target-bitops exclude each other: a target steers the weight of the hardware cost by itself.";
        }

        if (IsGiven(result, _resume) && !IsGiven(result, _out))
        {
            yield return "--resume needs --out DIR: the folder of the run to go on with.";
        }
    }

    private Request ToRequest(ParseResult result) => new(
        new RunOptions
        {
            Data = FullPath(Get(result, _data, Defaults.Data)),
            Epochs = Get(result, _epochs, Defaults.Epochs),
            BatchSize = Get(result, _batchSize, Defaults.BatchSize),
            Lambda = Get(result, _lambda, Defaults.Lambda),
            TargetBitOps = Get(result, _targetBitOps, Defaults.TargetBitOps),
            TrainImages = Get(result, _trainImages, Defaults.TrainImages),
            TestImages = Get(result, _testImages, Defaults.TestImages),
            WidthSharing = Get(result, _granularity, Defaults.WidthSharing),
            Probes = Get(result, _probes, Defaults.Probes),
            FixedBits = Get(result, _fixedBits, Defaults.FixedBits),
            Unquantized = IsGiven(result, _float),
            Init = FullPath(Get(result, _init, Defaults.Init)),
            WeightTransform = Get(result, _weightTransform, Defaults.WeightTransform),
            ClippingStart = Get(result, _clippingStart, Defaults.ClippingStart),
            Calibrate = Get(result, _calibrate, Defaults.Calibrate),
            ReestimateBatchNorm = Get(result, _reestimateBatchNorm, Defaults.ReestimateBatchNorm),
            Distill = Get(result, _distill, Defaults.Distill) is { } teacher
                ? teacher with { Checkpoint = FullPath(teacher.Checkpoint)! } : null,
            Front = IsGiven(result, _front),
            Out = Get(result, _out, Defaults.Out),
            Seed = Get(result, _seed, Defaults.Seed),
            Threads = Get(result, _threads, Defaults.Threads),
            Device = Get(result, _device, Defaults.Device),
            Resume = IsGiven(result, _resume),
        },
        [.. _root.Options.Where(option => IsGiven(result, option)).Select(option => option.Name)]);

    /// <summary>A run may go on from another folder than it was started in.</summary>
    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private bool MeasuresOnly(ParseResult result) => IsGiven(result, _epochs) && result.GetValue(_epochs) == 0;

    private static T Get<T>(ParseResult result, Option<T> option, T fallback) =>
        IsGiven(result, option) ? result.GetValue(option)! : fallback;

    private static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
