using System.CommandLine;
using System.Globalization;
using AdaQat;
using AdaQat.Quantizers;
using Samples.CommandLine;
using static Samples.CommandLine.TextOption;

namespace ResNet20Cifar.CommandLine;

/// <summary>The sample's command line: each option, its help, and what it sets.</summary>
public sealed class SampleCommand
{
    private readonly RootCommand _root =
        new("Trains ResNet-20 on CIFAR-10 while AdaQAT learns the bit-widths of its weights and activations.");
    private readonly List<(Option Option, Func<ParseResult, RunOptions, RunOptions> Set)> _options = [];

    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public SampleCommand(Func<Request, int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var usual = new RunOptions();
        Add(FilePath("--data", "DIR",
                "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else (without network) procedural "
                + "images."),
            (o, path) => o with { Data = Path.GetFullPath(path!) });
        Add(WholeNumber("--epochs", "N",
                $"Passes over the training images; 0 only measures the network that --init names. [default: {usual.Epochs}]", 0, 10_000),
            (o, n) => o with { Epochs = n });
        Add(WholeNumber("--batch-size", "N", $"Images a training step. [default: {usual.BatchSize}]", 1, 50_000),
            (o, n) => o with { BatchSize = n });
        Add(Number("--lambda", "X", string.Create(CultureInfo.InvariantCulture,
                $"Weight of the hardware cost in the loss: larger gives fewer bits. [default: {usual.Lambda}]"),
                "finite numbers from 0", x => x >= 0),
            (o, x) => o with { Lambda = x });
        Add(Number("--target-bitops", "X",
                "Steer the weight of the hardware cost so that an image takes X bit operations at most, as in 0.5e9.",
                "finite numbers above 0", x => x > 0),
            (o, x) => o with { TargetBitOps = x });
        Add(WholeNumber("--train-images", "N", "Train on the first N images only. [default: all]", 1),
            (o, n) => o with { TrainImages = n });
        Add(WholeNumber("--test-images", "N", "Measure on the first N test images only. [default: all]", 1),
            (o, n) => o with { TestImages = n });
        Add(Choice("--sharing", "network|layer",
                "What shares one pair of bit-widths: the whole network, or each layer for itself. [default: network]",
                new Dictionary<string, WidthSharing> { ["network"] = WidthSharing.Network, ["layer"] = WidthSharing.Layer }),
            (o, sharing) => o with { Sharing = sharing });
        Add(Choice("--joins", "float|quantized",
                "Operands of residual sums: added as they are, or quantized on one step that they share, so that a network of integers "
                + "computes exactly what was trained. [default: float]",
                new Dictionary<string, JoinHandling> { ["float"] = JoinHandling.Unquantized, ["quantized"] = JoinHandling.Quantized }),
            (o, joins) => o with { Joins = joins });
        Add(Choice("--probes", "economical|every-step",
                "How often neighbouring bit-widths are tried: in some steps, or in every step and each of them. [default: economical]",
                new Dictionary<string, ProbeChoice> { ["economical"] = ProbeChoice.Economical, ["every-step"] = ProbeChoice.EveryStep }),
            (o, probes) => o with { Probes = probes });
        Add(Create<BitPair?>("--fixed-bits", "W,A", "Train at these weight and activation bits instead of learning them, as in 4,4.",
                $"two whole numbers from {BitPair.Least} to {BitPair.Most} with a comma between, as in 4,4",
                (string text, out BitPair? bits) => (bits = BitPair.TryParse(text)) is not null),
            (o, bits) => o with { FixedBits = bits });
        Add(Switch("--float", "Train without quantization."), (o, _) => o with { Float = true });
        Add(FilePath("--init", "CHECKPOINT", "Start from the weights of this checkpoint, of a float run for instance."),
            (o, path) => o with { Init = Path.GetFullPath(path!) });
        Add(Choice("--weight-transform", "tanh|linear|auto",
                "What is applied to weights before they are quantized; auto finds for each layer what suits it. [default: auto]",
                new Dictionary<string, WeightTransform>
                {
                    ["tanh"] = WeightTransform.Tanh,
                    ["linear"] = WeightTransform.Linear,
                    ["auto"] = WeightTransform.Auto,
                }),
            (o, transform) => o with { WeightTransform = transform });
        Add(Choice("--clipping-start", "percentile|least-error",
                "Where activations are clipped at first: at the 99.9th percentile, or where quantizing loses least. [default: percentile]",
                new Dictionary<string, PactStart>
                {
                    ["percentile"] = PactStart.Percentile,
                    ["least-error"] = PactStart.MinimumMeanSquaredError,
                }),
            (o, start) => o with { ClippingStart = start });
        Add(WholeNumber("--calibrate", "N",
                "With --init: start the ranges of activations from N training batches. [default: from the first batch, in training]", 1),
            (o, n) => o with { Calibrate = n });
        Add(WholeNumber("--reestimate-batch-norm", "N", "With --init: measure the statistics of batch normalisation anew on N training "
                + "batches before training. [default: leave them]", 1),
            (o, n) => o with { ReestimateBatchNorm = n });
        Add(Create<TeacherChoice?>("--distill", "CHECKPOINT[,T,W]",
                "Learn from the float network of this checkpoint too, at temperature T with weight W. [default of T,W: 4,0.5]",
                "a path, or a path, a temperature above 0 and a weight above 0, up to 1, with commas between",
                (string text, out TeacherChoice? teacher) => (teacher = TeacherChoice.TryParse(text)) is not null),
            (o, teacher) => o with { Distill = teacher! with { Checkpoint = Path.GetFullPath(teacher.Checkpoint) } });
        Add(Switch("--front", "Keep the checkpoints that no other beats in both test accuracy and bit operations, under front/ in --out."),
            (o, _) => o with { Front = true });
        Add(FilePath("--out", "DIR", "Folder for run.json, history.csv and the checkpoint. [default: a new one under runs/]"),
            (o, path) => o with { Out = path });
        Add(FilePath("--export", "DIR",
                "Write the network there when it is done: model.onnx, and if it is quantized model.adaq, which runs in integers."),
            (o, path) => o with { Export = Path.GetFullPath(path!) });
        Add(Seed($"Same seed, same result. [default: {usual.Seed}]"), (o, seed) => o with { Seed = seed });
        Add(WholeNumber("--threads", "N", "CPU threads. [default: all processors]", 1, 1024), (o, n) => o with { Threads = n });
        Add(TorchRuntime.DeviceOption(), (o, device) => o with { Device = device });
        Add(Switch("--resume", "Go on with the run in --out, with the options it was started with."), (o, _) => o with { Resume = true });
        _root.SetAction(result => run(Read(result)));
    }

    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var faults = result.Errors.Count > 0 ? result.Errors.Select(fault => fault.Message) : OptionConflicts.Of(Read(result));
        var lines = faults.ToList();
        if (lines.Count == 0 || result.Action is System.CommandLine.Help.HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var line in lines.Append("--help lists the options."))
        {
            error.WriteLine(line);
        }

        return ExitCode.Usage;
    }

    private void Add<T>(Option<T> option, Func<RunOptions, T, RunOptions> set)
    {
        _root.Add(option);
        _options.Add((option, (result, options) => set(options, result.GetValue(option)!)));
    }

    private Request Read(ParseResult result)
    {
        var given = _options.Where(o => result.IsGiven(o.Option)).ToList();
        return new(given.Aggregate(new RunOptions(), (all, o) => o.Set(result, all)), [.. given.Select(o => o.Option.Name)]);
    }
}
