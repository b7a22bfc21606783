using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Search.Networks;
using AdaQat.Search.Searching;
using AdaQat.Search.Spaces;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

/// <summary>When layers grow, and how what is new of them begins.</summary>
public sealed class GrowthTests
{
    private const int Batches = 4;

    private static readonly QuantizationOptions TwoBits =
        new() { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) };

    [Theory]
    [InlineData(0.5, 2, 2, 1)]
    [InlineData(0.75, 1, 1, 1)]
    [InlineData(1.0, 1, 1, 0)]
    [InlineData(2.0, 0, 1, 0)]
    [InlineData(3.0, 0, 0, 0)]
    [InlineData(0.01, 4, 4, 3)]
    public void Layers_grow_each_time_that_an_interval_has_passed_but_at_the_end(double interval, params int[] growths)
    {
        using var search = Search(Options() with { ExpansionThreshold = 0.001, GrowthInterval = interval, MaximumGrowth = 5 });

        var history = Run(search).History;

        history.Select(epoch => epoch.Grown.Count(layer => layer == "hidden")).Should().Equal(growths);
        history[^1].Groups.Single(g => g.Layer == "hidden").Candidates.Should().HaveCount(4 + growths.Sum());
        history.Should().OnlyContain(epoch => epoch.Loss > 0 && double.IsFinite(epoch.ChannelLoss!.Value));
    }

    [Theory]
    [InlineData(-1e6, true)]
    [InlineData(1e6, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_threshold_of_alpha_lets_a_layer_grow_whose_widest_alpha_is_above_it(double threshold, bool grows)
    {
        using var search = Search(Options() with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = threshold });

        Run(search).History[0].Grown.Should().HaveCount(grows ? search.Groups.Count : 0);
    }

    [Fact]
    public void A_threshold_of_alpha_parts_layers_by_their_alpha()
    {
        using var scope = NewDisposeScope();
        var options = Options() with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = 0.7 };
        using var learning = Learning(options, out var space);
        using (no_grad())
        {
            foreach (var (place, alpha) in learning.Network.Alphas.Index())
            {
                // The widest of the second is preferred less than that of the first, and its α is larger.
                alpha.copy_(tensor(place == 0 ? new[] { 0, 0, 0, 0.69 } : [9, 0, 0, 0.71]));
            }
        }

        var growing = GrowthRule.Growing(
            space.Groups, learning.Readings(), options, new SearchWarnings(options, [1, 3, 8, 8], _ => { }));
        growing.Keys.Should().Equal(space.Groups.Skip(1).Select(group => group.Name));
        growing["expand.0"].Should().Be(14);
    }

    [Fact]
    public void A_layer_that_begins_above_a_threshold_of_alpha_is_warned_of()
    {
        using var search = Search(Options() with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = 0 });
        using var other = Search(Options() with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = 0.3 });

        search.Warnings.Should().ContainSingle(w => w.Subject == "plain threshold").Which.Message.Should().Match(
            "'plain' begins with an α of 0.0*, and ExpansionThreshold is 0: it grows whether it is wanted or not*larger threshold.");
        other.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(NewAlpha.AsWidest)]
    [InlineData(NewAlpha.Even)]
    public void A_new_candidate_is_preferred_as_the_widest_before_or_evenly_and_the_others_keep_their_proportions(NewAlpha start)
    {
        using var scope = NewDisposeScope();
        using var learning = Learning(Options() with { NewAlpha = start }, out var space);

        using var grown = learning.Grown(space.Groups.ToDictionary(g => g.Name, g => 2 * g.Default));

        foreach (var (place, (before, after)) in learning.Readings().Zip(grown.Readings()).Index())
        {
            var count = before.Candidates.Count;
            after.Preferences[^1].Should().BeApproximately(start == NewAlpha.Even ? 1.0 / (count + 1) : after.Preferences[^2], 1e-12);
            var left = 1 - after.Preferences[^1];
            after.Preferences.Take(count).Zip(before.Preferences, (now, then) => now / then)
                .Should().OnlyContain(ratio => Math.Abs(ratio - left) < 1e-12);
            var (moments, old) = (grown.Optimizers.ChannelStates()[place], learning.Optimizers.ChannelStates()[place]);
            Values(moments.exp_avg).Should().Equal([.. Values(old.exp_avg), start == NewAlpha.Even ? 0 : Values(old.exp_avg)[^1]]);
            Values(moments.exp_avg_sq).Should().Equal([.. Values(old.exp_avg_sq), start == NewAlpha.Even ? 0 : Values(old.exp_avg_sq)[^1]]);
            Values(old.exp_avg_sq)[^1].Should().BeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData(NewChannels.AsBuilt)]
    [InlineData(NewChannels.FreshNorms)]
    [InlineData(NewChannels.Repeated)]
    public void New_channels_begin_as_they_are_asked_to(NewChannels start)
    {
        using var scope = NewDisposeScope();
        using var learning = Learning(Options() with { NewChannels = start }, out var space);
        var old = learning.Network.Model.state_dict().ToDictionary(s => s.Key, s => s.Value.clone(), StringComparer.Ordinal);

        // More than twice as many: a repetition begins anew behind its end.
        manual_seed(21);
        using var grown = learning.Grown(space.Groups.ToDictionary(g => g.Name, g => (5 * g.Default) / 2));
        manual_seed(21);
        var built = space.Build([.. space.Groups.Select(g => (5 * g.Default) / 2)]).state_dict();

        // stem.0 and expand.0 of 8 and 12 channels; expand.0 reads stem.0.
        var all = grown.Network.Model.state_dict();
        var (weight, mean, gamma) = (all["expand.0.weight"], all["expand.1.running_mean"], all["expand.1.weight"]);
        var (oldWeight, oldMean, oldGamma) = (old["expand.0.weight"], old["expand.1.running_mean"], old["expand.1.weight"]);
        oldMean.Equals(zeros(12)).Should().BeFalse();
        weight.narrow(0, 0, 12).narrow(1, 0, 8).Equals(oldWeight).Should().BeTrue();
        weight.narrow(1, 8, 12).Equals(built["expand.0.weight"].narrow(1, 8, 12)).Should().BeTrue();
        var isRepeated = start == NewChannels.Repeated;
        weight.narrow(0, 12, 18).narrow(1, 0, 8).Equals(isRepeated
            ? cat([oldWeight, oldWeight.narrow(0, 0, 6)]) : built["expand.0.weight"].narrow(0, 12, 18).narrow(1, 0, 8)).Should().BeTrue();
        var (begun, one) = start switch
        {
            NewChannels.Repeated => (cat([oldMean, oldMean, oldMean.narrow(0, 0, 6)]), cat([oldGamma, oldGamma, oldGamma.narrow(0, 0, 6)])),
            NewChannels.FreshNorms => (zeros(30), ones(30)),
            _ => (cat([oldMean, zeros(18)]), cat([oldGamma, ones(18)])),
        };
        mean.Equals(begun).Should().BeTrue();
        gamma.Equals(one).Should().BeTrue();
        all["output.bias"].Equals(old["output.bias"]).Should().BeTrue();

        // What the widest had before goes on in a batch normalisation of its own, with its momentum.
        grown.Network.NarrowerNorms["expand.1"][^1].Mean!.Equals(oldMean).Should().BeTrue();
        var (momenta, before) = (grown.Optimizers.Momenta(), learning.Optimizers.Momenta()["model.expand.1.weight"]);
        momenta[$"{SearchNetwork.NormName("expand.1", 3)}.weight"].Equals(before).Should().BeTrue();
        before.Equals(zeros(12)).Should().BeFalse();
        momenta["model.expand.1.weight"]
            .Equals(start == NewChannels.FreshNorms ? zeros(30) : cat([before, zeros(18)])).Should().BeTrue();
    }

    [Fact]
    public void Choices_of_growth_that_are_not_allowed_are_refused_by_name()
    {
        var options = Options();

        Refused(options with { GrowthInterval = 0 }).Should().StartWith("GrowthInterval is 0; allowed is above 0");
        Refused(options with { GrowthInterval = double.PositiveInfinity }).Should().StartWith("GrowthInterval is Infinity");
        Refused(options with { ExpansionThreshold = -1 }).Should().StartWith("ExpansionThreshold is -1; allowed is above 0");
        Refused(options with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = double.NaN })
            .Should().StartWith("ExpansionThreshold is NaN; allowed is any number");
        Refused(options with { ExpansionMeasure = (ExpansionMeasure)7 })
            .Should().StartWith("ExpansionMeasure is 7; allowed are Preference, Alpha");
        Refused(options with { NewAlpha = (NewAlpha)7 }).Should().StartWith("NewAlpha is 7; allowed are AsWidest, Even");
        Refused(options with { NewChannels = (NewChannels)7 })
            .Should().StartWith("NewChannels is 7; allowed are AsBuilt, FreshNorms, Repeated");
        (options with { ExpansionMeasure = ExpansionMeasure.Alpha, ExpansionThreshold = -1 }).Validate();
    }

    private static string Refused(ChannelSearchOptions options) =>
        FluentActions.Invoking(options.Validate).Should().Throw<ArgumentException>().Which.Message;

    private static double[] Values(Tensor numbers) => numbers.data<double>().ToArray();

    private static ChannelSearchOptions Options() =>
        new() { Scheme = TwoBits, Epochs = 3, CandidateRatios = [0.3, 0.5, 0.75, 1.0], LearningRate = 0.05 };

    /// <summary>The network of a search after a few steps.</summary>
    private static LearningNetwork Learning(ChannelSearchOptions options, out SearchSpace space)
    {
        manual_seed(3);
        var example = randn(1, 3, 8, 8);
        space = SearchSpace.Of(new NetworkBuilder(channels => new ExpandableNetwork(channels)), example);
        var learning = new LearningNetwork(space, [.. space.Groups.Select(Candidates)], example, options);
        learning.BeginAlphas();
        var stepper = new SearchStepper(Loss, options);
        foreach (var (step, batch) in Half(1).Epoch(0, 0).Concat(Half(1).Epoch(1, 0)).Index())
        {
            stepper.StepOfWeights(learning, batch, step, 12);
            stepper.StepOfChannels(learning, batch, step, 12);
        }

        return learning;
    }

    private static IReadOnlyList<int> Candidates(ChannelGroup group) =>
        [group.Default / 4, 3 * group.Default / 8, group.Default / 2, group.Default];

    private static ChannelSearch Search(ChannelSearchOptions options)
    {
        manual_seed(3);
        using var example = randn(1, 3, 8, 8);
        return new ChannelSearch(channels => new ExpandableNetwork(channels), example, Loss, options);
    }

    private static ChannelSearchResult Run(ChannelSearch search) => search.Run(Half(1), Half(2));

    private static IBatchSource<Batch> Half(int seed)
    {
        var random = new Generator((ulong)seed);
        return IndexedBatches.Shuffled(
            randn(8 * Batches, 3, 8, 8, generator: random), randint(0, 10, 8 * Batches, generator: random), batchSize: 8, seed);
    }

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);
}
