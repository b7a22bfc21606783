using AdaQat.Quantizers;
using AdaQat.Quantizers.Pact;
using ResNet20Cifar;
using ResNet20Cifar.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class ResumedOptionsTests
{
    private static readonly RunOptions Recorded = new()
    {
        Epochs = 7,
        Lambda = 0.3,
        Seed = 4,
        Data = "old",
        TrainImages = 500,
        WeightTransform = WeightTransform.Linear,
        ClippingStart = PactStart.MinimumMeanSquaredError,
        Calibrate = 8,
        ReestimateBatchNorm = 32,
        Distill = new TeacherChoice("t", 2, 1),
        Front = true,
    };

    [Fact]
    public void Options_left_out_are_those_of_the_start()
    {
        var merged = ResumedOptions.Merge(Recorded, new Request(new RunOptions { Out = "o", Resume = true }, ["--out", "--resume"]));

        merged.Should().Be(Recorded with { Out = "o", Resume = true });
    }

    [Fact]
    public void Options_said_again_as_they_were_are_fine()
    {
        var merged = ResumedOptions.Merge(Recorded, new Request(new RunOptions { Epochs = 7, Lambda = 0.3 }, ["--epochs", "--lambda"]));

        merged.Epochs.Should().Be(7);
    }

    [Theory]
    [InlineData("--epochs", "7", "10")]
    [InlineData("--lambda", "0.3", "0.15")]
    [InlineData("--seed", "4", "1")]
    [InlineData("--train-images", "500", "the default")]
    [InlineData("--weight-transform", "Linear", "Tanh")]
    [InlineData("--clipping-start", "MinimumMeanSquaredError", "Percentile")]
    [InlineData("--calibrate", "8", "the default")]
    [InlineData("--reestimate-batch-norm", "32", "the default")]
    [InlineData("--distill", "t,2,1", "the default")]
    [InlineData("--front", "it", "no such option")]
    public void Another_value_is_refused_with_both(string option, string recorded, string now)
    {
        var merge = () => ResumedOptions.Merge(Recorded, new Request(new RunOptions(), [option]));

        var fault = merge.Should().Throw<SampleException>().Which;
        fault.ExitCode.Should().Be(ExitCode.Usage);
        fault.Message.Should().Contain(option).And.Contain(recorded).And.Contain(now);
    }

    [Fact]
    public void Where_data_are_and_what_computes_may_change()
    {
        var merged = ResumedOptions.Merge(
            Recorded, new Request(new RunOptions { Data = "new", Threads = 3, Device = "cuda" }, ["--data", "--threads", "--device"]));

        merged.Should().Be(Recorded with { Data = "new", Threads = 3, Device = "cuda", Resume = true });
    }
}
