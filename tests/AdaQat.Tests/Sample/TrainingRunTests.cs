using AdaQat.Runtime;
using AdaQat.Tests.Support.Sample;
using AdaQat.Training;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Output;
using ResNet20Cifar.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sample;

public sealed class TrainingRunTests : IDisposable
{
    private static readonly ImageSet Train = ProceduralImages.Generate(1, 32);
    private static readonly ImageDataset Dataset =
        new(ProceduralImages.Name, Train, ProceduralImages.Generate(2, 10), ChannelNormalization.Of(Train));

    private static readonly RunOptions Options = new() { Epochs = 2, BatchSize = 8, Seed = 3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_float_run_counts_thirty_two_bits()
    {
        var record = Run("float", Options with { Float = true, Epochs = 1 })!;

        record.Steps.Should().Be(4);
        record.WeightBits.Should().Be(32);
        record.WeightCompression.Should().Be(1);
        record.BitOps.Should().Be(40_551_040d * 32 * 32);
        record.Layers.Should().BeEmpty();
    }

    [Fact]
    public void A_run_at_fixed_bits_has_the_published_cost()
    {
        var record = Run("fixed", Options with { FixedBits = new BitPair(3, 4), Epochs = 1 })!;

        record.WeightBits.Should().Be(3);
        record.ActivationBits.Should().Be(4);
        record.BitOps.Should().BeApproximately(0.510e9, 0.001e9);
        record.WeightCompression.Should().BeApproximately(10.60, 0.005);
        record.WeightFrozenAtStep.Should().BeNull();
    }

    [Fact]
    public void A_quantized_run_is_exported_as_integers_and_as_ONNX_and_a_float_one_as_ONNX()
    {
        Directory.CreateDirectory(_folder.In("integers"));
        Directory.CreateDirectory(_folder.In("floats"));

        var (quantized, inFloat) = (new WatchedRun(), new WatchedRun());
        Run("fixed", Options with { FixedBits = new BitPair(3, 4), Epochs = 1, Export = _folder.In("integers") }, quantized);
        var record = Run("float", Options with { Float = true, Epochs = 1, Export = _folder.In("floats") }, inFloat)!;

        var (images, said) = (Dataset.Test.Count, "model.onnx in ONNX Runtime: ");
        quantized.Said.Should().ContainMatch("*model.adaq: *,* bytes").And.ContainMatch("*model.onnx: *,* bytes");
        quantized.Said[^1].Should().Match($"{said}* of {images} test images right; {images} classified as model.adaq does");
        inFloat.Said[^1].Should().Be($"{said}{Math.Round(record.TestAccuracy * images)} of {images} test images right");

        Directory.GetFiles(_folder.In("integers")).Select(Path.GetFileName).Should().BeEquivalentTo("model.adaq", "model.onnx");
        Directory.GetFiles(_folder.In("floats")).Select(Path.GetFileName).Should().Equal("model.onnx");
        var integers = IntegerModel.Load(Path.Combine(_folder.In("integers"), "model.adaq"));
        var scores = new float[10];
        integers.Run(new float[ImageShape.Size], scores);
        scores.Should().OnlyContain(score => float.IsFinite(score)).And.Contain(score => score != 0);
        integers.Bytes.File.Should().BeLessThan(170_000, "3 bits a weight and the rest");
    }

    [Fact]
    public void A_run_that_learns_its_widths_brings_them_down_and_writes_how()
    {
        var record = Run("adaqat", Options)!;

        record.WeightBits.Should().BeLessThan(8);
        record.ActivationBits.Should().BeLessThan(8);
        var rows = File.ReadAllLines(_folder.In("adaqat", "history.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        rows.Count(row => row[0] == "step").Should().Be(8);
        rows.Count(row => row[0] == "epoch").Should().Be(2);
        rows[0][9].Should().NotBeEmpty("the first step probes the weights");
    }

    [Fact]
    public void A_run_with_a_target_ends_under_it_with_its_widths_settled_at_half_time()
    {
        var record = Run("target", Options with { TargetBitOps = 0.5e9, Sharing = WidthSharing.Layer })!;

        record.BitOps.Should().BeInRange(0.97 * 0.5e9, 0.5e9);
        record.TargetBitOps.Should().Be(0.5e9);
        record.Lambda.Should().BePositive();
        record.WeightFrozenAtStep.Should().Be(4);
    }

    [Fact]
    public void A_target_out_of_reach_is_a_usage_error_that_tells_the_range_and_leaves_no_folder()
    {
        var run = () => Run("far", Options with { TargetBitOps = 1e6 });

        run.Should().Throw<SampleException>().WithMessage("--target-bitops: TargetBitOps is 1000000; *allowed are * to *")
            .Which.ExitCode.Should().Be(ExitCode.Usage);
        Directory.Exists(_folder.In("far")).Should().BeFalse();
    }

    [Fact]
    public void A_run_interrupted_anywhere_ends_as_the_one_that_was_not()
    {
        Run("whole", Options);
        foreach (var stop in new[] { 2, 4, 7 })
        {
            var name = $"stopped{stop}";
            using var cancellation = new CancellationTokenSource();
            Run(name, Options, new WatchedRun(step => Cancel(step.Step == stop, cancellation)), cancellation.Token).Should().BeNull();
            File.Exists(_folder.In(name, "run.json")).Should().BeFalse();

            Run(name, Options with { Resume = true }).Should().NotBeNull();

            File.ReadAllText(_folder.In(name, "history.csv")).Should().Be(File.ReadAllText(_folder.In("whole", "history.csv")));
            File.ReadAllBytes(_folder.In(name, "checkpoint.safetensors")).AsSpan()
                .SequenceEqual(File.ReadAllBytes(_folder.In("whole", "checkpoint.safetensors"))).Should().BeTrue();
        }
    }

    [Fact]
    public void A_quantized_run_can_start_from_a_float_checkpoint()
    {
        Run("float", Options with { Float = true, Epochs = 1 });
        var rates = new List<double>();

        var record = Run(
            "tuned",
            Options with { FixedBits = new BitPair(8, 8), Init = _folder.In("float", "checkpoint.safetensors"), Epochs = 1 },
            new WatchedRun(step => rates.Add(step.LearningRate)));

        record.Should().NotBeNull();
        rates[0].Should().Be(new TrainingRecipe().FineTuningRate);
    }

    [Fact]
    public void A_run_of_no_epochs_measures_the_network_it_starts_from()
    {
        var trained = Run("float", Options with { Float = true, Epochs = 1 })!;
        var measure = Options with { Epochs = 0, Init = _folder.In("float", "checkpoint.safetensors") };

        var same = Run("same", measure with { Float = true })!;
        var quantized = Run("quantized", measure with { FixedBits = new BitPair(8, 8), Calibrate = 2, ReestimateBatchNorm = 3 })!;
        var uncalibrated = Run("uncalibrated", measure)!;

        (same.TestAccuracy, same.Steps).Should().Be((trained.TestAccuracy, 0));
        (quantized.Steps, quantized.WeightBits, uncalibrated.WeightBits).Should().Be((0, 8, 8));
        File.Exists(_folder.In("quantized", "run.json")).Should().BeTrue();
        File.Exists(_folder.In("quantized", "checkpoint.safetensors")).Should().BeFalse();
        File.Exists(_folder.In("quantized", "history.csv")).Should().BeFalse("there was no step");
    }

    [Fact]
    public void A_fine_tuning_with_a_teacher_and_a_front_ends_the_same_when_interrupted_anywhere()
    {
        Run("float", Options with { Float = true, Epochs = 1 });
        var checkpoint = _folder.In("float", "checkpoint.safetensors");
        var tuning = Options with
        {
            Init = checkpoint,
            Calibrate = 2,
            ReestimateBatchNorm = 2,
            Distill = new TeacherChoice(checkpoint),
            Front = true,
        };
        Run("tuned", tuning);
        foreach (var stop in new[] { 3, 4 })
        {
            var name = $"stopped{stop}";
            using var cancellation = new CancellationTokenSource();
            Run(name, tuning, new WatchedRun(step => Cancel(step.Step == stop, cancellation)), cancellation.Token).Should().BeNull();

            Run(name, tuning with { Resume = true }).Should().NotBeNull();

            foreach (var file in new[] { "history.csv", "checkpoint.safetensors", Path.Combine("front", "front.csv") })
            {
                File.ReadAllBytes(_folder.In(name, file)).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.In("tuned", file)))
                    .Should().BeTrue(file);
            }
        }

        using var folder = RunFolder.Open(_folder.In("tuned"));
        folder.LoadOptions<RunOptions>().Should().Be(tuning);
    }

    [Fact]
    public void A_resumed_run_that_has_no_checkpoint_yet_starts_from_the_weights_it_was_given()
    {
        Run("float", Options with { Float = true, Epochs = 1 });
        var tuning = Options with { Init = _folder.In("float", "checkpoint.safetensors"), FixedBits = new BitPair(4, 4), Epochs = 1 };
        Run("whole", tuning);
        using (var folder = RunFolder.New(_folder.In("cut")))
        {
            folder.SaveOptions(tuning);
        }


        Run("cut", tuning with { Resume = true });

        File.ReadAllText(_folder.In("cut", "history.csv")).Should().Be(File.ReadAllText(_folder.In("whole", "history.csv")));
    }

    [Fact]
    public void More_batches_than_an_epoch_has_are_refused()
    {
        Run("float", Options with { Float = true, Epochs = 1 });

        var run = () => Run("much", Options with { Init = _folder.In("float", "checkpoint.safetensors"), Calibrate = 5 });

        run.Should().Throw<SampleException>().WithMessage("--calibrate 5: an epoch has 4 batches*");
    }

    [Fact]
    public void A_checkpoint_to_begin_with_that_is_none_is_refused_and_leaves_no_folder()
    {
        File.WriteAllText(_folder.In("none.safetensors"), "none");

        FluentActions.Invoking(() => Run("run", Options with { Init = _folder.In("none.safetensors") }))
            .Should().Throw<CheckpointException>();

        Directory.Exists(_folder.In("run")).Should().BeFalse();
    }

    private static void Cancel(bool now, CancellationTokenSource cancellation)
    {
        if (now)
        {
            cancellation.Cancel();
        }
    }

    private RunRecord? Run(string name, RunOptions options, WatchedRun? progress = null, CancellationToken cancellation = default)
    {
        options = options with { Out = _folder.In(name) };
        using var folder = options.Resume ? RunFolder.Open(options.Out) : RunFolder.New(options.Out);
        return new TrainingRun(options, Dataset, CPU, folder, progress ?? new WatchedRun()).Execute(cancellation);
    }
}
