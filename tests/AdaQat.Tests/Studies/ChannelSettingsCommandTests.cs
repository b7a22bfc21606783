using AdaQat.Studies.ChannelSettings;
using AdaQat.Studies.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

public sealed class ChannelSettingsCommandTests
{
    private SettingsOptions? _options;

    [Fact]
    public void Options_arrive_and_a_setting_that_does_not_exist_is_refused_with_those_that_do()
    {
        Run("--seeds", "2", "--search-epochs", "3", "--retrain-epochs", "4", "--setting", "growth 0.4", "--threads", "1")
            .Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new SettingsOptions
        {
            Seeds = 2,
            SearchEpochs = 3,
            RetrainEpochs = 4,
            Setting = "growth 0.4",
            Threads = 1,
        });

        Run().Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new SettingsOptions());
        Run("--setting", "growth 4").ShouldRefuse("--setting", "growth 4", "default or T 0.15 or");
    }

    [Fact]
    public void A_setting_alone_is_one_row_and_the_same_at_each_run()
    {
        var options = new SettingsOptions { Seeds = 1, SearchEpochs = 1, RetrainEpochs = 1, Setting = "growth twice an epoch" };

        var rows = Written(options).Trim().Split('\n');

        rows.Should().HaveCount(3);
        rows[2].Should().StartWith("| growth twice an epoch | ");
        Written(options).Trim().Split('\n').Should().Equal(rows);
    }

    private static string Written(SettingsOptions options)
    {
        using var threads = new TorchThreads();
        var output = new StringWriter();
        SettingsStudy.Execute(options, output).Should().Be(ExitCode.Success);
        return output.ToString();
    }

    private CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => new StudyCommand(
        ChannelSettingsCommand.Create(options =>
        {
            _options = options;
            return ExitCode.Success;
        })).Invoke(["channel-settings", .. arguments], TextWriter.Null, error));
}
