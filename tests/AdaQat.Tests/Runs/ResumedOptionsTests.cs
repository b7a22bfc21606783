using AdaQat.Training;

namespace AdaQat.Tests.Runs;

public sealed class ResumedOptionsTests
{
    private static readonly string[] Free = [nameof(RunChoices.Data)];
    private static readonly RunChoices Recorded = new()
    {
        Epochs = 7,
        Lambda = 0.3,
        Data = "old",
        TrainImages = 500,
        Front = true,
        Sharing = WidthSharing.Layer,
        Bits = new Pair(3, 4),
    };

    [Fact]
    public void Options_left_out_are_those_of_the_start()
    {
        Merge(new RunChoices()).Should().Be(Recorded);
    }

    [Fact]
    public void Options_said_again_as_they_were_are_fine()
    {
        Merge(Recorded, "--epochs", "--lambda", "--train-images", "--front", "--sharing", "--bits").Should().Be(Recorded);
    }

    [Theory]
    [InlineData("--epochs", "7", "10")]
    [InlineData("--lambda", "0.3", "0.15")]
    [InlineData("--train-images", "500", "the default")]
    [InlineData("--front", "it", "no such option")]
    [InlineData("--sharing", "layer", "network")]
    [InlineData("--bits", "{\"weights\":3,\"activations\":4}", "the default")]
    [InlineData("Epochs", "7", "10")]
    public void Another_value_is_refused_with_both(string option, string recorded, string now)
    {
        var merge = () => Merge(new RunChoices(), option);

        merge.Should().Throw<RunFolderException>().WithMessage($"{option}: the run was started with {recorded}, not {now};*");
    }

    [Fact]
    public void What_does_not_change_the_result_may_be_said_anew()
    {
        Merge(new RunChoices { Data = "new" }, "--data").Should().Be(Recorded with { Data = "new" });
    }

    [Fact]
    public void A_name_that_is_no_option_is_refused()
    {
        var merge = () => Merge(new RunChoices(), "--epoch");

        merge.Should().Throw<ArgumentException>().WithMessage("*'--epoch'*epochs*");
    }

    private static RunChoices Merge(RunChoices now, params string[] given) => ResumedOptions.Merge(Recorded, now, given, Free);
}
