using AdaQat.Studies.CommandLine;
using AdaQat.Studies.ProbeError;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

public sealed class StudyCommandTests
{
    private ProbeErrorOptions? _options;

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

    private CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => new StudyCommand(options =>
    {
        _options = options;
        return ExitCode.Success;
    }).Invoke(arguments, TextWriter.Null, error));
}
