using AdaQat.Studies.Channels;
using AdaQat.Training;
using ChannelExpansion;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

public sealed class ChannelComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ExpansionRequest> _asked = [];

    private ComparisonOptions Options => new() { Out = _folder.Path, Seeds = 2 };

    [Fact]
    public void All_methods_of_a_seed_run_before_the_next_seed_and_the_uniform_network_once_for_both_limits()
    {
        ChannelComparison.Execute(Options, Finish).Should().Be(ExitCode.Success);

        _asked.Select(request => Path.GetRelativePath(_folder.Path, request.Options.Out!)).Should().Equal(
            "uniform-1", "macs/expand-1", "macs/random-1", "macs/prune-1", "uniform-2", "macs/expand-2", "macs/random-2", "macs/prune-2",
            "parameters/expand-1", "parameters/random-1", "parameters/prune-1", "parameters/expand-2", "parameters/random-2",
            "parameters/prune-2");
        _asked.Where(request => request.Options.Out!.Contains("parameters", StringComparison.Ordinal))
            .Should().OnlyContain(request => request.Options.TargetParameters == 272_474);
    }

    [Fact]
    public void The_same_command_goes_on_where_it_was_stopped_and_leaves_finished_runs_alone()
    {
        var options = Options with { Limit = ComparedLimit.Macs, Seeds = 1 };
        ChannelComparison.Execute(options, request => _asked.Count == 1 ? Stop(request) : Finish(request))
            .Should().Be(ExitCode.Interrupted);
        _asked.Clear();

        ChannelComparison.Execute(options, Finish).Should().Be(ExitCode.Success);

        _asked.Select(request => (request.Options.Method, request.Options.Resume)).Should().Equal(
            (SearchMethod.Expand, true), (SearchMethod.Random, false), (SearchMethod.Prune, false));
    }

    [Fact]
    public void A_folder_of_other_options_is_refused()
    {
        ChannelComparison.Execute(Options with { Seeds = 1, Limit = ComparedLimit.Macs }, Finish);

        FluentActions.Invoking(() => ChannelComparison.Execute(Options with { Seeds = 1, RetrainEpochs = 9 }, Finish))
            .Should().Throw<SampleException>().WithMessage("*uniform-1: a run with other options*");
    }

    [Fact]
    public void The_mean_of_paired_differences_has_the_interval_of_Students_distribution()
    {
        // Of 1, 2, 6: mean 3, standard deviation √7, and t(0.975; 2) = 4.3027.
        var difference = PairedDifference.Of([1, 2, 6]);

        difference.Mean.Should().BeApproximately(3, 1e-12);
        difference.HalfWidth.Should().BeApproximately(4.3027 * Math.Sqrt(7.0 / 3), 1e-9);
        PairedDifference.Of([5]).HalfWidth.Should().Be(double.NaN);
    }

    [Fact]
    public void The_table_pairs_runs_by_their_seed()
    {
        ComparedRun Run(SearchMethod method, int seed) =>
            new(method == SearchMethod.Uniform ? null : ComparedLimit.Macs, method, seed);
        var records = new Dictionary<ComparedRun, ExpansionRecord>
        {
            [Run(SearchMethod.Uniform, 1)] = Record(0.60),
            [Run(SearchMethod.Uniform, 2)] = Record(0.70),
            [Run(SearchMethod.Random, 2)] = Record(0.69),
            [Run(SearchMethod.Expand, 1)] = Record(0.62),
            [Run(SearchMethod.Expand, 2)] = Record(0.72),
            [Run(SearchMethod.Expand, 3)] = Record(0.90),
        };

        var table = ComparisonTable.Markdown(records, [ComparedLimit.Macs]);

        table.Should().Contain("| expansion | 3 | 62.00, 72.00, 90.00 | 74.67 % |")
            .And.Contain("+2.00 [+2.00, +2.00] | +3.00 (one pair) |");
        table.Should().Contain("| pruning only | none yet |");
    }

    public void Dispose() => _folder.Dispose();

    private static ExpansionRecord Record(double accuracy) =>
        new(accuracy, 40e6, 40e6, 272_474, null, null, 1, 1, "none", "none", [], new ExpansionOptions());

    private int Finish(ExpansionRequest request)
    {
        Stop(request);
        using var folder = RunFolder.Open(request.Options.Out!);
        folder.SaveRecord(Record(0.5));
        return ExitCode.Success;
    }

    private int Stop(ExpansionRequest request)
    {
        _asked.Add(request);
        if (!request.Options.Resume)
        {
            using var folder = RunFolder.New(request.Options.Out!);
            folder.SaveOptions(request.Options);
        }

        return ExitCode.Interrupted;
    }
}
