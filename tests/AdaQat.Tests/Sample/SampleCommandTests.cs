using AdaQat.Quantizers;
using AdaQat.Quantizers.Pact;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class SampleCommandTests
{
    private Request? _request;

    [Fact]
    public void Without_options_the_defaults_hold()
    {
        Run().Code.Should().Be(ExitCode.Success);

        _request!.Options.Should().Be(new RunOptions());
        _request.Options.Mode.Should().Be(RunMode.AdaQat);
        _request.Given.Should().BeEmpty();
    }

    [Fact]
    public void Every_option_arrives()
    {
        Run("--data", "d", "--epochs", "3", "--batch-size", "64", "--lambda", "0.5", "--train-images", "1000", "--test-images", "500",
            "--sharing", "layer", "--init", "c", "--weight-transform", "linear", "--clipping-start", "least-error", "--calibrate", "8",
            "--reestimate-batch-norm", "32", "--distill", "t,2.5,0.75", "--front", "--out", "o", "--export", "e", "--seed", "9",
            "--threads", "2", "--device", "cuda", "--resume");

        _request!.Options.Should().Be(new RunOptions
        {
            Data = Path.GetFullPath("d"),
            Epochs = 3,
            BatchSize = 64,
            Lambda = 0.5,
            TrainImages = 1000,
            TestImages = 500,
            Sharing = WidthSharing.Layer,
            Init = Path.GetFullPath("c"),
            WeightTransform = WeightTransform.Linear,
            ClippingStart = PactStart.MinimumMeanSquaredError,
            Calibrate = 8,
            ReestimateBatchNorm = 32,
            Distill = new TeacherChoice(Path.GetFullPath("t"), 2.5, 0.75),
            Front = true,
            Out = "o",
            Export = Path.GetFullPath("e"),
            Seed = 9,
            Threads = 2,
            Device = "cuda",
            Resume = true,
        });
        _request.Given.Should().HaveCount(20);
    }

    [Theory]
    [InlineData("4,3", 4, 3)]
    [InlineData("1,8", 1, 8)]
    public void Fixed_bits_are_weight_bits_then_activation_bits(string text, int weights, int activations)
    {
        Run("--fixed-bits", text);

        _request!.Options.FixedBits.Should().Be(new BitPair(weights, activations));
        _request.Options.Mode.Should().Be(RunMode.FixedBits);
    }

    [Theory]
    [InlineData("a", "a", 4, 0.5)]
    [InlineData("a,2,1", "a", 2, 1)]
    [InlineData("a,b", "a,b", 4, 0.5)]
    [InlineData("a,b,2,0.25", "a,b", 2, 0.25)]
    [InlineData("a,b,c", "a,b,c", 4, 0.5)]
    public void A_teacher_is_a_checkpoint_with_or_without_temperature_and_weight(
        string text, string path, double temperature, double weight)
    {
        Run("--distill", text);

        _request!.Options.Distill.Should().Be(new TeacherChoice(Path.GetFullPath(path), temperature, weight));
    }

    [Theory]
    [InlineData("--epochs", "0", "--init", "c")]
    [InlineData("--epochs", "0", "--init", "c", "--float", "--reestimate-batch-norm", "3")]
    [InlineData("--resume", "--out", "o", "--calibrate", "8", "--epochs", "0")]
    public void What_goes_together_is_let_through(params string[] arguments)
    {
        Run(arguments).Code.Should().Be(ExitCode.Success);
    }

    [Fact]
    public void A_target_is_a_number_of_bit_operations()
    {
        Run("--target-bitops", "0.5e9").Code.Should().Be(ExitCode.Success);

        _request!.Options.TargetBitOps.Should().Be(0.5e9);
        _request.Options.Mode.Should().Be(RunMode.AdaQat);
    }

    [Fact]
    public void Every_step_may_probe_as_published()
    {
        Run("--probes", "every-step").Code.Should().Be(ExitCode.Success);

        _request!.Options.Probes.Should().Be(ProbeChoice.EveryStep);
    }

    [Fact]
    public void Float_means_no_quantization()
    {
        Run("--float");

        _request!.Options.Mode.Should().Be(RunMode.Unquantized);
    }

    [Theory]
    [InlineData("--epochs", "2.5", "whole numbers from 0 to 10000")]
    [InlineData("--epochs", "-3", "whole numbers from 0 to 10000")]
    [InlineData("--epochs", "99999999999", "whole numbers from 0 to 10000")]
    [InlineData("--weight-transform", "Tanh", "tanh or linear or auto")]
    [InlineData("--clipping-start", "max", "percentile or least-error")]
    [InlineData("--calibrate", "0", "whole numbers from 1")]
    [InlineData("--reestimate-batch-norm", "all", "whole numbers from 1")]
    [InlineData("--distill", "t,0,0.5", "a path, or a path, a temperature above 0")]
    [InlineData("--distill", "t,4,1.5", "a path, or a path, a temperature above 0")]
    [InlineData("--distill", ",4,0.5", "a path, or a path, a temperature above 0")]
    [InlineData("--batch-size", "0", "whole numbers from 1 to 50000")]
    [InlineData("--lambda", "-0.1", "finite numbers from 0")]
    [InlineData("--lambda", "NaN", "finite numbers from 0")]
    [InlineData("--lambda", "1,5", "finite numbers from 0")]
    [InlineData("--target-bitops", "0", "finite numbers above 0")]
    [InlineData("--target-bitops", "0.5G", "finite numbers above 0")]
    [InlineData("--train-images", "0", "whole numbers from 1")]
    [InlineData("--test-images", "none", "whole numbers from 1")]
    [InlineData("--sharing", "channel", "network or layer")]
    [InlineData("--sharing", "Network", "network or layer")]
    [InlineData("--fixed-bits", "4", "two whole numbers from 1 to 8")]
    [InlineData("--fixed-bits", "0,4", "two whole numbers from 1 to 8")]
    [InlineData("--fixed-bits", "4,9", "two whole numbers from 1 to 8")]
    [InlineData("--fixed-bits", "4,4,4", "two whole numbers from 1 to 8")]
    [InlineData("--seed", "-1", "whole numbers from 0")]
    [InlineData("--threads", "0", "whole numbers from 1 to 1024")]
    [InlineData("--device", "tpu", "cpu or cuda")]
    [InlineData("--out", " ", "a path")]
    public void A_bad_value_is_refused_with_option_value_and_what_is_allowed(string option, string value, string allowed)
    {
        Run(option, value).ShouldRefuse(option, value, $"allowed: {allowed}");

        _request.Should().BeNull();
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var (_, error) = Run("--epochs", "x", "--lambda", "x");

        error.Should().Contain("--epochs").And.Contain("--lambda");
    }

    [Theory]
    [InlineData("--float", "--fixed-bits", "4,4")]
    [InlineData("--float", "--lambda", "0.1")]
    [InlineData("--float", "--sharing", "layer")]
    [InlineData("--float", "--target-bitops", "1e9")]
    [InlineData("--fixed-bits", "4,4", "--target-bitops", "1e9")]
    [InlineData("--lambda", "0.1", "--target-bitops", "1e9")]
    [InlineData("--fixed-bits", "4,4", "--lambda", "0.1")]
    [InlineData("--fixed-bits", "4,4", "--sharing", "network")]
    [InlineData("--float", "--probes", "every-step")]
    [InlineData("--probes", "seldom")]
    [InlineData("--float", "--weight-transform", "tanh")]
    [InlineData("--float", "--clipping-start", "percentile")]
    [InlineData("--float", "--init", "c", "--calibrate", "8")]
    [InlineData("--float", "--front")]
    [InlineData("--calibrate", "8")]
    [InlineData("--reestimate-batch-norm", "8")]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "0", "--init", "c", "--lambda", "0.1")]
    [InlineData("--epochs", "0", "--init", "c", "--target-bitops", "1e9")]
    [InlineData("--epochs", "0", "--init", "c", "--distill", "t")]
    [InlineData("--epochs", "0", "--init", "c", "--front")]
    [InlineData("--resume")]
    [InlineData("--unknown")]
    [InlineData("stray")]
    [InlineData("--epochs")]
    [InlineData("--epochs", "1", "--epochs", "2")]
    [InlineData("--float", "true")]
    public void Options_that_do_not_go_together_or_do_not_exist_are_refused(params string[] arguments)
    {
        var (code, error) = Run(arguments);

        code.Should().Be(ExitCode.Usage);
        error.Should().ContainAny(arguments).And.Contain("--help");
        _request.Should().BeNull();
    }

    [Fact]
    public void Help_lists_every_option_and_starts_nothing()
    {
        var output = new StringWriter();

        Command().Invoke(["--help"], output, TextWriter.Null).Should().Be(ExitCode.Success);

        output.ToString().Should().ContainAll(
            "--data", "--epochs", "--batch-size", "--lambda", "--target-bitops", "--train-images", "--test-images", "--sharing",
            "--probes", "--fixed-bits", "--float",
            "--init", "--weight-transform", "--clipping-start", "--calibrate", "--reestimate-batch-norm", "--distill", "--front", "--out",
            "--seed", "--threads", "--device", "--resume");
        _request.Should().BeNull();
    }

    private CommandOutcome Run(params string[] arguments) =>
        CommandOutcome.Of(error => Command().Invoke(arguments, TextWriter.Null, error));

    private SampleCommand Command() => new(request =>
    {
        _request = request;
        return ExitCode.Success;
    });
}
