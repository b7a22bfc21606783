using System.Text.Json;
using AdaQat.Studies.CommandLine;
using AdaQat.Studies.Networks;
using AdaQat.Studies.ProbeError;
using AdaQat.Studies.Sensitivity;
using AdaQat.Studies.Training;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

public sealed class StudyCommandTests
{
    private ProbeErrorOptions? _options;
    private TrainOptions? _training;
    private SensitivityStudyOptions? _sensitivity;

    [Fact]
    public void Without_options_the_defaults_hold()
    {
        Run("probe-error").Code.Should().Be(ExitCode.Success);

        _options.Should().Be(new ProbeErrorOptions());
    }

    [Fact]
    public void Every_option_arrives()
    {
        Run("probe-error", "--data", "d", "--init", "c", "--bits", "3,5", "--images", "64", "--batch-size", "32", "--probes", "4", "--seed",
            "9", "--threads", "1", "--csv", "f").Code.Should().Be(ExitCode.Success);

        _options.Should().Be(new ProbeErrorOptions
        {
            Data = "d",
            Init = "c",
            WeightBits = 3,
            ActivationBits = 5,
            Images = 64,
            BatchSize = 32,
            Probes = 4,
            Seed = 9,
            Threads = 1,
            Csv = "f",
        });
    }

    [Theory]
    [InlineData("--bits", "1,4", "from 2 to 8")]
    [InlineData("--images", "0", "whole numbers from 1 to 50000")]
    [InlineData("--probes", "none", "whole numbers from 1 to 1000")]
    public void A_bad_value_is_refused_with_option_value_and_what_is_allowed(string option, string value, string allowed)
    {
        Run("probe-error", option, value).ShouldRefuse(option, value, allowed);

        _options.Should().BeNull();
    }

    [Fact]
    public void A_checkpoint_that_does_not_exist_is_refused_before_anything_is_computed()
    {
        var study = () => ProbeErrorStudy.Execute(new ProbeErrorOptions { Init = "/nowhere/checkpoint" });

        study.Should().Throw<SampleException>().WithMessage("--init /nowhere/checkpoint: there is no such file.");
    }

    [Fact]
    public void Every_option_of_a_training_arrives()
    {
        Run(
            "train", "--data", "d", "--network", "mobilenet", "--weights", "lsq", "--activations", "apot", "--bits", "2,3", "--epochs", "7",
            "--batch-size", "32", "--train-images", "64", "--test-images", "65", "--init", "c", "--post-training", "--seed", "9",
            "--threads", "1", "--out", "o").Code.Should().Be(ExitCode.Success);

        _training.Should().Be(new TrainOptions
        {
            Data = "d",
            Network = "mobilenet",
            Weights = "lsq",
            Activations = "apot",
            WeightBits = 2,
            ActivationBits = 3,
            Epochs = 7,
            BatchSize = 32,
            TrainImages = 64,
            TestImages = 65,
            Init = "c",
            PostTraining = true,
            Seed = 9,
            Threads = 1,
            Out = "o",
        });
    }

    [Fact]
    public void A_training_without_options_is_one_in_float()
    {
        Run("train").Code.Should().Be(ExitCode.Success);

        _training.Should().Be(new TrainOptions());
        _training!.IsFloat.Should().BeTrue();
    }

    [Theory]
    [InlineData("--lambda", "0.1")]
    [InlineData("--target-bitops", "1e9")]
    public void Fixed_and_learned_widths_exclude_each_other(string option, string value) =>
        Run("train", "--bits", "4,4", option, value).Error.Should().Contain($"--bits and {option} exclude each other");

    [Theory]
    [InlineData("--init", "c")]
    [InlineData("--bits", "4,4")]
    public void Quantizing_after_training_needs_a_trained_network_and_widths(string option, string value) =>
        Run("train", "--post-training", option, value).Error.Should().Contain("--post-training needs --init, and widths");

    [Fact]
    public void Options_of_learned_widths_arrive()
    {
        Run("train", "--lambda", "0.2", "--target-bitops", "4e8", "--sharing", "layer", "--target-step", "90").Code.Should()
            .Be(ExitCode.Success);

        _training.Should().Be(new TrainOptions { Lambda = 0.2, TargetBitOps = 4e8, Sharing = WidthSharing.Layer, TargetStep = 90 });
        Run("train", "--lambda", "0.2", "--target-step", "90").Error.Should().Contain("--target-step needs --target-bitops.");
        _training!.IsFloat.Should().BeFalse();
    }

    [Fact]
    public void An_allocation_needs_a_trained_network_a_target_and_a_width_a_layer()
    {
        string[] whole = ["train", "--allocate", "start", "--init", "c", "--target-bitops", "4e8", "--sharing", "layer"];
        Run(whole).Code.Should().Be(ExitCode.Success);
        _training!.Allocation.Should().Be(AllocatedWidths.Start);

        foreach (var left in new[] { 3, 5, 7 })
        {
            Run([.. whole.Where((_, place) => place != left && place != left + 1)]).Error.Should()
                .Contain("--allocate needs --init, --target-bitops and --sharing layer.");
        }
    }

    [Theory]
    [InlineData(AllocatedWidths.Fixed)]
    [InlineData(AllocatedWidths.Start)]
    public void A_training_begins_with_the_bits_that_were_allocated_to_its_layers(AllocatedWidths allocation)
    {
        using var folder = new TemporaryFolder();
        var images = ProceduralImages.Create();
        images = images with { Train = images.Train.Take(16), Test = images.Test.Take(8) };
        TrainStudy.Execute(new TrainOptions { Epochs = 1, BatchSize = 8, Out = folder.In("float") }, () => images);
        var options = new TrainOptions
        {
            Init = Path.Combine(folder.In("float"), "checkpoint.safetensors"),
            Weights = "lsq-channel",
            Activations = "lsq",
            TargetBitOps = 4e8,
            Sharing = WidthSharing.Layer,
            Allocation = allocation,
            Epochs = 1,
            BatchSize = 8,
            Out = folder.In("run"),
        };

        TrainStudy.Execute(options, () => images).Should().Be(ExitCode.Success);

        var plan = PrecisionPlan.Load(Path.Combine(folder.In("run"), "plan.json"));
        plan.Cost.Should().BeInRange(0.99 * 4e8, 4e8);
        plan.Widths.Select(w => w.Bits).Distinct().Count().Should().BeGreaterThan(1, "layers differ");
        var mean = plan.Widths.Where(w => w.Target == QuantizerTarget.Weight).Average(w => w.Bits);
        var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.In("run"), "run.json"))).RootElement;
        if (allocation == AllocatedWidths.Fixed)
        {
            record.GetProperty("weightBits").GetDouble().Should().BeApproximately(mean, 1e-9);
            record.GetProperty("bitOps").GetDouble().Should().Be(plan.Cost);
        }
        else
        {
            File.ReadAllLines(Path.Combine(folder.In("run"), "history.csv"))[1].Split(',')[7].Should().NotBeEmpty();
        }
        TrainStudy.Execute(options, () => images).Should().Be(ExitCode.Success, "a finished run has nothing left to do");
    }

    [Theory]
    [InlineData("--weights", "pact", "dorefa or affine")]
    [InlineData("--network", "vgg", "resnet20 or mobilenet")]
    public void A_name_that_is_none_is_refused_with_those_that_are(string option, string value, string allowed) =>
        Run("train", option, value).ShouldRefuse(option, value, allowed);

    [Fact]
    public void A_training_of_each_network_is_gone_on_with_in_its_folder()
    {
        using var folder = new TemporaryFolder();
        var images = ProceduralImages.Create();
        images = images with { Train = images.Train.Take(32), Test = images.Test.Take(16) };
        foreach (var network in StudyNetwork.Names)
        {
            var options = new TrainOptions
            {
                Network = network,
                WeightBits = 2,
                ActivationBits = 2,
                Epochs = 1,
                BatchSize = 16,
                Out = Path.Combine(folder.Path, network),
            };
            TrainStudy.Execute(options, () => images).Should().Be(ExitCode.Success);
            TrainStudy.Execute(options, () => images).Should().Be(ExitCode.Success, "a finished run has nothing left to do");
            var other = () => TrainStudy.Execute(options with { WeightBits = 3 }, () => images);

            other.Should().Throw<SampleException>().WithMessage("*other options*");
        }
    }

    [Fact]
    public void Every_option_of_an_analysis_arrives()
    {
        Run("sensitivity", "--data", "d", "--network", "mobilenet", "--init", "c", "--images", "64", "--batch-size", "32", "--whole",
            "--threads", "1", "--out", "o").Code.Should().Be(ExitCode.Success);

        _sensitivity.Should().Be(new SensitivityStudyOptions
        {
            Data = "d",
            Network = "mobilenet",
            Init = "c",
            Images = 64,
            BatchSize = 32,
            Whole = true,
            Threads = 1,
            Out = "o",
        });
        Run("sensitivity");
        _sensitivity.Should().Be(new SensitivityStudyOptions());
    }

    [Fact]
    public void An_analysis_writes_rows_and_a_page()
    {
        using var folder = new TemporaryFolder();
        var images = ProceduralImages.Create();
        images = images with { Train = images.Train.Take(2), Test = images.Test.Take(1) };

        SensitivityStudy.Execute(
            new SensitivityStudyOptions { BatchSize = 2, Out = folder.Path }, () => images).Should().Be(ExitCode.Success);

        folder.FileNames().Should().Equal("sensitivity.csv", "sensitivity.html", "state.json");
        File.ReadAllLines(folder.In("sensitivity.csv")).Should().HaveCount(1 + (20 * 2 * 6));
    }

    private CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => new StudyCommand(
        ProbeErrorCommand.Create(options =>
        {
            _options = options;
            return ExitCode.Success;
        }),
        TrainCommand.Create(options =>
        {
            _training = options;
            return ExitCode.Success;
        }),
        SensitivityCommand.Create(options =>
        {
            _sensitivity = options;
            return ExitCode.Success;
        })).Invoke(arguments, TextWriter.Null, error));
}
