using System.Text.Json;
using AdaQat.Search;
using AdaQat.Training;
using ChannelExpansion;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sample;

public sealed class ChannelExpansionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Options_arrive_and_bad_ones_are_refused()
    {
        ExpansionRequest? request = null;
        var outcome = Run("--method", "prune", "--bits", "3", "--search-epochs", "2", "--retrain-epochs", "4", "--target-macs", "20e6",
            "--target-parameters", "1e5", "--threshold", "0.3", "--growth", "0.5", "--growth-interval", "2", "--mixing", "align",
            "--channels", "8,16,24", "--train-images", "64", "--test-images", "7", "--out", "o", "--seed", "8", "--threads", "1");

        outcome.Code.Should().Be(ExitCode.Success);
        request!.Options.Should().Be(new ExpansionOptions
        {
            Method = SearchMethod.Prune,
            Bits = 3,
            SearchEpochs = 2,
            RetrainEpochs = 4,
            TargetMacs = 20e6,
            TargetParameters = 1e5,
            Threshold = 0.3,
            Growth = 0.5,
            GrowthInterval = 2,
            Mixing = ChannelMixing.Align,
            Channels = new StageChannels(8, 16, 24),
            TrainImages = 64,
            TestImages = 7,
            Out = "o",
            Seed = 8,
            Threads = 1,
        });
        Run("--method", "widen").ShouldRefuse("--method", "widen", "uniform or multiplier or prune or expand or random");
        Run("--threshold", "0").ShouldRefuse("--threshold", "0", "above 0");
        Run("--mixing", "average").ShouldRefuse("--mixing", "average", "interpolate or align");
        Run("--growth", "0").ShouldRefuse("--growth", "0", "above 0");
        Run("--growth-interval", "0").ShouldRefuse("--growth-interval", "0", "above 0");
        foreach (var channels in new[] { "8,16", "8,0,16", "8,16,-1", "8,16,24,32", "8,16,1025", "8, 16,24" })
        {
            Run("--channels", channels).ShouldRefuse("--channels", channels, "three whole numbers from 1 to 1024, as in 16,32,64");
        }

        Run("--bits", "25").ShouldRefuse("--bits", "25", "whole numbers from 1 to 24, and 32");
        Run("--resume").Error.Should().Contain("--resume needs --out");

        CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => ExpansionCommand.Invoke(
            arguments, TextWriter.Null, error, given =>
            {
                request = given;
                return ExitCode.Success;
            }));
    }

    [Fact]
    public void A_run_that_was_killed_after_its_search_and_goes_on_ends_as_the_uninterrupted_one()
    {
        var options = new ExpansionOptions { SearchEpochs = 2, RetrainEpochs = 1, Out = _folder.In("run"), Threads = 1 };
        Execute(options).Should().Be(ExitCode.Success);
        var (plan, accuracy) = Outcome();
        // What a killed process leaves before its plan is written.
        new[] { "run.json", "plan.json", "searched-plan.json", "checkpoint.safetensors" }.ToList()
            .ForEach(name => File.Delete(Path.Combine(options.Out, name)));

        Execute(options with { Resume = true }).Should().Be(ExitCode.Success);

        Outcome().Should().Be((plan, accuracy));
        File.Exists(Path.Combine(options.Out, "search-history.csv")).Should().BeTrue();

        (string Plan, double Accuracy) Outcome()
        {
            using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(options.Out, "run.json")));
            record.RootElement.GetProperty("macs").GetDouble().Should()
                .BeInRange(0.98 * record.RootElement.GetProperty("targetMacs").GetDouble(), PlannedCost().Macs);
            return (
                File.ReadAllText(Path.Combine(options.Out, "plan.json")), record.RootElement.GetProperty("testAccuracy").GetDouble());
        }
    }

    [Fact]
    public void The_stages_channels_the_growth_and_the_mixing_are_those_of_the_search()
    {
        var options = new ExpansionOptions
        {
            Channels = new StageChannels(4, 8, 12),
            Threshold = 0.01,
            Growth = 0.5,
            GrowthInterval = 2,
            SearchEpochs = 3,
            RetrainEpochs = 1,
            Threads = 1,
        };

        var (interpolated, aligned) = (History(ChannelMixing.Interpolate), History(ChannelMixing.Align));

        var lines = interpolated.Trim().Split('\n').Select(line => line.Split(',')).ToList();
        var widest = Array.IndexOf(lines[0], "layer1 widest");
        lines.Skip(1).Select(line => line[widest]).Should().Equal("4", "4", "6");
        aligned.Should().NotBe(interpolated);
        FluentActions.Invoking(() => Execute(
                options with { Channels = new StageChannels(4, 8, 16), Out = _folder.In("Align"), Resume = true }, "--channels"))
            .Should().Throw<RunFolderException>().WithMessage("--channels: the run was started with 4,8,12, not 4,8,16; *");

        string History(ChannelMixing mixing)
        {
            var folder = _folder.In(mixing.ToString());
            Execute(options with { Mixing = mixing, Out = folder }).Should().Be(ExitCode.Success);
            return File.ReadAllText(Path.Combine(folder, "search-history.csv"));
        }
    }

    [Fact]
    public void A_folder_without_a_run_is_refused()
    {
        FluentActions.Invoking(() => Execute(new ExpansionOptions { Out = _folder.In("none"), Resume = true }))
            .Should().Throw<RunFolderException>().WithMessage("*no run to go on with*");
    }

    [Theory]
    [InlineData(SearchMethod.Multiplier)]
    [InlineData(SearchMethod.Expand)]
    [InlineData(SearchMethod.Random)]
    public void A_limit_out_of_reach_is_refused_and_leaves_no_folder(SearchMethod method)
    {
        var options = new ExpansionOptions { Method = method, TargetMacs = 10, Out = _folder.In("small"), Threads = 1 };

        FluentActions.Invoking(() => Execute(options)).Should().Throw<SampleException>().WithMessage("*below*multiplications*")
            .Which.ExitCode.Should().Be(ExitCode.Usage);

        Directory.Exists(options.Out).Should().BeFalse();
    }

    /// <summary>What a search prefers is brought to the limit within 2 %, whatever it prefers.</summary>
    [Fact]
    public void Any_plan_of_the_network_is_brought_within_two_per_cent_of_a_limit()
    {
        using var example = zeros(1, 3, 32, 32);
        var usual = PlannedCost();
        var random = new Random(5);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var asked = WidthMultiplier.Fit(Build, example, usual.Macs).Layers.ToDictionary(layer => layer.Layer, layer => layer.Default);
            var basis = new ChannelPlan(asked.Select(a => new PlannedChannels(
                a.Key, Math.Max(1, (int)(a.Value * (0.3 + (1.7 * random.NextDouble())))), a.Value)));

            PlanCost.Of(Build, example, WidthMultiplier.Fit(Build, example, usual.Macs, basis: basis)).Macs
                .Should().BeInRange(0.98 * usual.Macs, usual.Macs);
            PlanCost.Of(Build, example, WidthMultiplier.Fit(Build, example, null, usual.Parameters, basis)).Parameters
                .Should().BeInRange(0.98 * usual.Parameters, usual.Parameters);
        }
    }

    [Fact]
    public void At_its_own_cost_the_multiplied_network_is_the_network_itself()
    {
        using var example = zeros(1, 3, 32, 32);

        WidthMultiplier.Fit(Build, example, PlannedCost().Macs).Layers.Should().OnlyContain(layer => layer.Channels == layer.Default);
    }

    public void Dispose() => _folder.Dispose();

    private static nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new PlannedResNet20(channels);

    private static PlanCost PlannedCost()
    {
        using var example = zeros(1, 3, 32, 32);
        return PlanCost.Of(Build, example, ChannelPlan.Default);
    }

    private static int Execute(ExpansionOptions options, params string[] given)
    {
        var images = ProceduralImages.Create();
        return ExpansionRun.Execute(
            new ExpansionRequest(options, given), (_, _) => images with { Train = images.Train.Take(16), Test = images.Test.Take(10) });
    }
}
