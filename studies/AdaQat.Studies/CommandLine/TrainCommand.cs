using System.CommandLine;
using AdaQat.Studies.Networks;
using AdaQat.Studies.Training;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>train</c>.</summary>
public sealed class TrainCommand
{
    private static readonly TrainOptions Defaults = new();

    private readonly Option<string?> _data = TextOption.FilePath(
        "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");

    private readonly Option<string> _network = Name("--network", "The network.", StudyNetwork.Names, Defaults.Network);

    private readonly Option<string> _weights = Name(
        "--weights", "The family that quantizes weights.", Family.OfWeights.Keys, Defaults.Weights);

    private readonly Option<string> _activations = Name(
        "--activations", "The family that quantizes inputs.", Family.OfActivations.Keys, Defaults.Activations);

    private readonly Option<BitPair?> _bits = TextOption.Create<BitPair?>(
        "--bits",
        "W,A",
        "Fixed widths of weights and inputs. Without it, --lambda and --target-bitops nothing is quantized.",
        "two whole numbers from 1 to 8 with a comma between, as in 4,4",
        (string text, out BitPair? value) => (value = BitPair.TryParse(text)) is { Weights: >= 1 and <= 8, Activations: >= 1 and <= 8 });

    private readonly Option<double> _lambda = TextOption.Number(
        "--lambda", "X", "Learns widths, with this λ.", "numbers from 0", value => value >= 0);

    private readonly Option<double> _target = TextOption.Number(
        "--target-bitops",
        "X",
        "Learns widths, led to this many bit operations an image.",
        "numbers above 0",
        value => value > 0);

    private readonly Option<AllocatedWidths?> _allocation = TextOption.Choice<AllocatedWidths?>(
        "--allocate",
        "HOW",
        "Gives the layers of the network of --init bits by their sensitivities, within --target-bitops, before it is trained on: they stay "
        + "(fixed), or are learned on (start).",
        Enum.GetValues<AllocatedWidths>().ToDictionary(a => a.ToString().ToLowerInvariant(), a => (AllocatedWidths?)a));

    private readonly Option<int> _targetStep = TextOption.WholeNumber(
        "--target-step", "N", "The step in which widths led to a target become final. [default: half of all steps]", 1, int.MaxValue);

    private readonly Option<WidthSharing> _sharing = TextOption.Choice(
        "--sharing",
        "HOW",
        "How far a learned width reaches. [default: network]",
        Enum.GetValues<WidthSharing>().Where(s => s != WidthSharing.Group).ToDictionary(s => s.ToString().ToLowerInvariant()));

    private readonly Option<JoinHandling> _joins = TextOption.Choice(
        "--joins",
        "HOW",
        "Operands of residual sums: added as they are (float), or quantized on one step that they share (quantized). [default: float]",
        new Dictionary<string, JoinHandling> { ["float"] = JoinHandling.Unquantized, ["quantized"] = JoinHandling.Quantized });

    private readonly Option<int> _epochs = TextOption.WholeNumber("--epochs", "N", $"Epochs. [default: {Defaults.Epochs}]", 1, 10_000);

    private readonly Option<int> _batchSize = TextOption.WholeNumber(
        "--batch-size", "N", $"Images a step. [default: {Defaults.BatchSize}]", 1, 50_000);

    private readonly Option<int> _trainImages = TextOption.WholeNumber(
        "--train-images", "N", "Training images used. [default: all]", 1, 50_000);

    private readonly Option<int> _testImages = TextOption.WholeNumber(
        "--test-images", "N", "Test images used. [default: all]", 1, 10_000);

    private readonly Option<string?> _init = TextOption.FilePath(
        "--init", "CHECKPOINT", "Weights to start from, from a run of this command in float or of the sample.");

    private readonly Option<bool> _postTraining = TextOption.Switch(
        "--post-training", "Quantize the network of --init by post-training quantization before it is trained on.");

    private readonly Option<int> _integers = TextOption.WholeNumber(
        "--integers",
        "N",
        "Compiles the trained network to integers, compares the two on so many test images, and writes model.adaq; a finished run, too.",
        1,
        10_000);

    private readonly Option<int> _onnx = TextOption.WholeNumber(
        "--onnx",
        "N",
        "Writes the trained network as ONNX files and compares them, in ONNX Runtime, with its integer network on so many test images; a "
        + "finished run, too.",
        1,
        10_000);

    private readonly Option<long> _seed = TextOption.Seed($"Weights, order and augmentation. [default: {Defaults.Seed}]");

    private readonly Option<int> _threads = TextOption.WholeNumber(
        "--threads", "N", "CPU threads. [default: all processors]", 1, 1024);

    private readonly Option<string?> _out = TextOption.FilePath(
        "--out", "DIR", "The run's folder; a run that was begun there goes on. [default: a new folder in runs]");

    private TrainCommand()
    {
    }

    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<TrainOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var options = new TrainCommand();
        var command = new Command("train", "Trains a network with quantizers of one family.")
        {
            options._data, options._network, options._weights, options._activations, options._bits, options._lambda, options._target,
            options._allocation, options._targetStep, options._sharing, options._joins, options._epochs, options._batchSize,
            options._trainImages, options._testImages, options._init, options._postTraining, options._integers, options._onnx,
            options._seed, options._threads, options._out,
        };
        command.Validators.Add(result =>
        {
            foreach (var learned in new Option[] { options._lambda, options._target })
            {
                if (result.GetResult(options._bits) is not null && result.GetResult(learned) is not null)
                {
                    result.AddError($"--bits and {learned.Name} exclude each other: widths are fixed or learned.");
                }
            }
        });
        command.Validators.Add(result =>
        {
            var isFloat = new Option[] { options._bits, options._lambda, options._target }.All(o => result.GetResult(o) is null);
            if (result.GetValue(options._postTraining) && (result.GetResult(options._init) is null || isFloat))
            {
                result.AddError("--post-training needs --init, and widths: --bits, --lambda or --target-bitops.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(options._allocation) is not null
                && (new Option[] { options._init, options._target }.Any(o => result.GetResult(o) is null)
                    || result.GetResult(options._sharing) is null || result.GetValue(options._sharing) != WidthSharing.Layer))
            {
                result.AddError("--allocate needs --init, --target-bitops and --sharing layer.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(options._targetStep) is not null && result.GetResult(options._target) is null)
            {
                result.AddError("--target-step needs --target-bitops.");
            }
        });
        command.Validators.Add(result =>
        {
            foreach (var compared in new Option[] { options._integers, options._onnx })
            {
                if (result.GetResult(compared) is not null
                    && new Option[] { options._bits, options._lambda, options._target }.All(o => result.GetResult(o) is null))
                {
                    result.AddError($"{compared.Name} needs widths: --bits, --lambda or --target-bitops.");
                }
            }
        });
        command.SetAction(result => study(options.ToOptions(result)));
        return command;
    }

    private static Option<string> Name(string option, string what, IEnumerable<string> names, string fallback) => TextOption.Choice(
        option, "NAME", $"{what} [default: {fallback}]", names.ToDictionary(name => name, StringComparer.Ordinal));

    private TrainOptions ToOptions(ParseResult result)
    {
        var bits = result.Or(_bits, null);
        return new TrainOptions
        {
            Data = result.Or(_data, null),
            Network = result.Or(_network, Defaults.Network)!,
            Weights = result.Or(_weights, Defaults.Weights)!,
            Activations = result.Or(_activations, Defaults.Activations)!,
            WeightBits = bits?.Weights,
            ActivationBits = bits?.Activations,
            Lambda = result.Given(_lambda),
            TargetBitOps = result.Given(_target),
            Allocation = result.Or(_allocation, null),
            TargetStep = result.Given(_targetStep),
            Sharing = result.Or(_sharing, Defaults.Sharing),
            Joins = result.Or(_joins, Defaults.Joins),
            Epochs = result.Or(_epochs, Defaults.Epochs),
            BatchSize = result.Or(_batchSize, Defaults.BatchSize),
            TrainImages = result.Given(_trainImages),
            TestImages = result.Given(_testImages),
            Init = result.Or(_init, null),
            PostTraining = result.GetValue(_postTraining),
            Integers = result.Given(_integers),
            Onnx = result.Given(_onnx),
            Seed = result.Or(_seed, Defaults.Seed),
            Threads = result.Given(_threads),
            Out = result.Or(_out, null),
        };
    }
}
