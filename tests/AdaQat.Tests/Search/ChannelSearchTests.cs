using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Search;

public sealed class ChannelSearchTests
{
    private static readonly QuantizationOptions TwoBits =
        new() { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_derived_network_computes_what_the_searched_one_computes_at_its_preferred_channels(bool quantized)
    {
        using var scope = NewDisposeScope();
        using var search = Search(Options() with { Scheme = quantized ? TwoBits : null });
        var result = Run(search);
        var input = randn(8, 3, 8, 8);

        using var derived = search.Derive();

        derived.Model.eval();
        using var guard = no_grad();
        derived.Model.call(input).allclose(search.Predict(input), rtol: 1e-5, atol: 1e-5).Should().BeTrue();
        derived.Model.parameters().Where(p => p.dtype == ScalarType.Float32).Sum(p => p.numel())
            .Should().Be((long)result.Parameters + (derived.Quantized?.QuantizerParameters().Sum(p => p.numel()) ?? 0));
        derived.Plan.ToJson().Should().Be(result.Plan.ToJson());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void A_search_that_is_resumed_in_the_middle_of_an_epoch_after_growth_is_the_uninterrupted_one_to_the_bit(double interval)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "search.ckpt");
        var options = Options() with { Scheme = TwoBits, ExpansionThreshold = 0.05, GrowthInterval = interval, CheckpointPath = path };
        using var whole = Search(options with { CheckpointPath = null });
        var expected = Run(whole);

        using var begun = Search(options);
        using var stop = new CancellationTokenSource();
        begun.StepCompleted += (_, step) => StopAfter(step.Step, 6, stop);
        Run(begun, stop.Token).IsComplete.Should().BeFalse();
        using var resumed = Search(options);
        resumed.Resume(path);
        var result = Run(resumed);

        expected.History.SelectMany(e => e.Grown).Should().NotBeEmpty();
        expected.History[1].Grown.Count(layer => layer == "plain").Should().Be(interval < 1 ? 2 : 1);
        result.HistoryCsv().Should().Be(expected.HistoryCsv());
        result.Plan.ToJson().Should().Be(expected.Plan.ToJson());
        using var input = randn(4, 3, 8, 8);
        using var mine = resumed.Predict(input);
        using var theirs = whole.Predict(input);
        mine.Equals(theirs).Should().BeTrue();
    }

    [Fact]
    public void With_one_candidate_it_is_plain_training_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var options = Options() with { Scheme = TwoBits, CandidateRatios = [1.0], Epochs = 2 };
        using var search = Search(options);
        Run(search);
        using var derived = search.Derive();

        manual_seed(3);
        using var plain = new ExpandableNetwork(ChannelPlan.Default);
        using var quantized = QuantizedModel.Attach(plain, Example(), TwoBits);
        var sgd = optim.SGD(quantized.Parameters(), options.LearningRate, momentum: options.Momentum, weight_decay: options.WeightDecay);
        new AdaQatTrainer(quantized, sgd, Loss, new TrainerOptions { Epochs = 2 }).Fit(Half(1));

        var theirs = plain.state_dict();
        derived.Model.state_dict().Should().OnlyContain(s => s.Value.Equals(theirs[s.Key]));
    }

    [Fact]
    public void A_search_begins_at_the_channels_that_the_builder_takes_by_default()
    {
        using var search = Search(Options() with { Seed = 5 });

        search.Plan.Layers.Should().OnlyContain(layer => layer.Channels == layer.Default);
    }

    [Fact]
    public void Without_a_threshold_it_is_pruning_alone_and_no_layer_grows()
    {
        using var search = Search(Options() with { ExpansionThreshold = double.PositiveInfinity, TargetMacs = 1e9 });

        var result = Run(search);

        result.History.Should().OnlyContain(e => e.Grown.Count == 0 && e.Groups.All(g => g.Candidates.Max() == g.Default));
    }

    [Fact]
    public void A_layer_whose_widest_candidate_passes_the_threshold_grows_up_to_its_bound()
    {
        using var search = Search(Options() with { ExpansionThreshold = 0.01, Growth = 0.5, MaximumGrowth = 1.75, Epochs = 4 });
        var warned = new List<SearchWarning>();
        search.Warning += (_, warning) => warned.Add(warning);

        var result = Run(search);

        result.History[^1].Groups.Select(g => g.Candidates[^1]).Should().Equal(14, 21, 10, 17);
        warned.Select(w => w.Subject).Should().Contain("stem.0");
        result.History[0].Grown.Should().Equal("stem.0", "expand.0", "plain", "hidden");
    }

    [Fact]
    public void A_target_of_few_multiplications_draws_alpha_to_narrow_candidates()
    {
        using var search = Search(Options() with { TargetMacs = 1, Epochs = 6, ChannelLearningRate = 0.1, MacsWeight = 100 });

        var result = Run(search);

        result.History[^1].ExpectedMacs.Should().BeLessThan(0.6 * result.History[0].ExpectedMacs);
        search.Warnings.Should().ContainSingle(w => w.Subject == "TargetMacs");
    }

    [Fact]
    public void Memory_stays_flat_over_the_steps_of_an_epoch()
    {
        using var search = Search(Options() with { Scheme = TwoBits, Epochs = 40, ExpansionThreshold = 2 });
        var (first, second) = (Half(1), Half(2));
        search.Run(first, second, cancellation: After(search, 10));

        LiveTensors.LeftBy(() => search.Run(first, second, cancellation: After(search, 30))).Should().BeLessThanOrEqualTo(0);
    }

    [Fact]
    public void An_epoch_tells_the_accuracy_of_the_derived_network_with_statistics_of_its_own_and_leaves_no_trace()
    {
        using var scope = NewDisposeScope();
        var options = Options() with { Scheme = TwoBits, Epochs = 1 };
        using var silent = Search(options);
        silent.Run(Half(1), Half(2));
        using var search = Search(options);
        var told = search.Run(Half(1), Half(2), Half(3)).History[^1].Accuracy;

        using var derived = search.Derive();
        BatchNormStatistics.Reestimate(derived.Model, Half(1), 4);
        derived.Model.eval();
        using var guard = no_grad();
        var right = Half(3).Epoch(0, 0).Sum(batch => derived.Model.call(batch.Input).argmax(1).eq(batch.Target).sum().item<long>());

        told.Should().Be(right / 32.0).And.BeGreaterThan(0);
        var input = randn(4, 3, 8, 8);
        search.Predict(input).Equals(silent.Predict(input)).Should().BeTrue();
    }

    [Fact]
    public void A_search_that_grows_leaves_no_tensor_behind() => LiveTensors.LeftBy(() =>
    {
        using var scope = NewDisposeScope();
        using var search = Search(Options() with { Scheme = TwoBits, ExpansionThreshold = 0.01, TargetMacs = 1e4 });
        Run(search).History.SelectMany(epoch => epoch.Grown).Should().NotBeEmpty();
        using var derived = search.Derive();
    }).Should().BeLessThanOrEqualTo(0);

    [Fact]
    public void What_cannot_be_searched_is_refused_by_name()
    {
        Refusal(_ => new ExpandableNetwork(ChannelPlan.Default)).Should().Contain("never asks its plan");
        Refusal(channels => new Ignoring(channels)).Should().Contain("'ignored'").And.Contain("ignores");
        Refusal(channels => new OutputOnly(channels)).Should().Contain("its output is the network's");
        Refusal(channels => new Disagreeing(channels)).Should().Contain("'half' has 4 channels by default and 'whole' 8")
            .And.Contain("give both the same default");
        FluentActions.Invoking(() => Search(Options() with { Scheme = new QuantizationOptions() }))
            .Should().Throw<ArgumentException>().WithMessage("*learns bit-widths*");
        FluentActions.Invoking(() => Search(Options() with
        {
            Scheme = TwoBits with { Weights = new LsqOptions { Granularity = Granularity.PerChannel() } },
        })).Should().Throw<ArgumentException>().WithMessage("*Granularity.PerTensor*");
        FluentActions.Invoking(() => Search(Options() with { CheckpointPath = "/no/such/folder/search.ckpt" }))
            .Should().Throw<ArgumentException>()
            .WithMessage("CheckpointPath is '/no/such/folder/search.ckpt', in a folder that does not exist*");
        FluentActions.Invoking(() => Search(Options() with { Growth = 0 })).Should().Throw<ArgumentException>().WithMessage("Growth is 0*");
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1.0)]
    public void Sizes_that_are_rounded_at_widths_that_a_search_comes_to_are_refused_before_it_begins(double first)
    {
        // 32 and 64 channels, and 48, are in proportion; 76, to which 64 grow, and 44 are not.
        var options = Options() with { CandidateRatios = first < 1 ? [first, 1.0] : [0.5, 1.0] };
        Refusal(channels => new RoundingNet(channels), options).Should().Contain("'narrow.weight'").And.Contain("in proportion");

        using var example = Example();
        using var pruning = new ChannelSearch(
            channels => new RoundingNet(channels), example, Loss,
            options with { CandidateRatios = [0.5, 1.0], ExpansionThreshold = double.PositiveInfinity });
        pruning.Groups.Should().ContainSingle();
    }

    [Fact]
    public void What_is_noticed_before_anybody_listens_is_told_when_the_search_runs_and_told_once()
    {
        // Layers of four candidates begin at a preference of a quarter.
        using var search = Search(Options() with { TargetMacs = 1, ExpansionThreshold = 0.1, MaximumGrowth = 1.2, Epochs = 5 });
        var told = new List<SearchWarning>();
        search.Warning += (_, warning) => told.Add(warning);

        search.Run(Half(1), Half(2), cancellation: new CancellationToken(canceled: true));
        var before = told.Count;
        Run(search);

        told.Take(before).Select(w => w.Subject).Should().Contain("TargetMacs").And.Contain("plain threshold");
        told.Should().Contain(w => w.Subject == "plain" && w.Message.Contains("MaximumGrowth"));
        told.Should().Contain(w => w.Subject == "TargetMacs at the end" && w.Message.Contains("WidthMultiplier.Fit"));
        told.Should().OnlyHaveUniqueItems();
        search.Warnings.Should().BeEquivalentTo(told.GroupBy(w => w.Subject).Select(w => w.Last()));
    }

    [Fact]
    public void What_quantizers_notice_of_the_network_is_told_by_the_search()
    {
        manual_seed(3);
        using var example = Example();
        using var network = new WithNaN(ChannelPlan.Default);
        using var quantized = QuantizedModel.Attach(network, example, TwoBits);

        using var search = new ChannelSearch(channels => new WithNaN(channels), example, Loss, Options() with { Scheme = TwoBits });

        quantized.Warnings.Should().NotBeEmpty();
        search.Warnings.Select(w => (w.Subject, w.Message)).Should().Contain(quantized.Warnings.Select(w => (w.Subject, w.Message)));
    }

    [Fact]
    public void Inputs_that_are_not_as_large_as_the_example_are_warned_of_once_however_large_batches_are()
    {
        using var example = randn(1, 3, 8, 4);
        using var search = new ChannelSearch(channels => new RoundingNet(channels), example, Loss, Options() with
        {
            CandidateRatios = [0.5, 1.0],
            ExpansionThreshold = 1,
            Epochs = 2,
        });
        var told = new List<SearchWarning>();
        search.Warning += (_, warning) => told.Add(warning);

        search.Run(new Batches(12, 8), new Batches(12, 8));

        told.Should().ContainSingle(w => w.Subject == "input")
            .Which.Message.Should().Contain("[3, 8, 8]").And.Contain("[3, 8, 4]");
    }

    [Fact]
    public void A_source_without_batches_is_refused_by_its_name_and_a_disposed_search_by_its_own()
    {
        var search = Search(Options());

        FluentActions.Invoking(() => search.Run(Half(1), new NoBatches())).Should().Throw<ArgumentException>()
            .WithMessage("The source 'channels' has no batches*");
        search.Dispose();
        search.Dispose();
        FluentActions.Invoking(() => Run(search)).Should().Throw<ObjectDisposedException>().WithMessage("*ChannelSearch*");
        FluentActions.Invoking(() => search.Plan).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => search.Derive()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_checkpoint_of_other_choices_is_refused_by_the_choice()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "search.ckpt");
        using var search = Search(Options() with { CheckpointPath = path, Epochs = 1 });
        Run(search);
        using var other = Search(Options() with { Growth = 0.3, Epochs = 1 });

        FluentActions.Invoking(() => other.Resume(path)).Should().Throw<CheckpointException>()
            .WithMessage("*Growth is 0.2 there and 0.3 here*");
    }

    private static string Refusal(Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder, ChannelSearchOptions? options = null) =>
        FluentActions.Invoking(() => new ChannelSearch(builder, Example(), Loss, options))
            .Should().Throw<ArgumentException>().Which.Message;

    private static ChannelSearchOptions Options() => new() { Epochs = 3, CandidateRatios = [0.3, 0.5, 0.75, 1.0], LearningRate = 0.05 };

    private static ChannelSearch Search(ChannelSearchOptions options)
    {
        manual_seed(3);
        using var example = Example();
        return new ChannelSearch(channels => new ExpandableNetwork(channels), example, Loss, options);
    }

    private static ChannelSearchResult Run(ChannelSearch search, CancellationToken cancellation = default) =>
        search.Run(Half(1), Half(2), cancellation: cancellation);

    private static CancellationToken After(ChannelSearch search, int step)
    {
        var stop = new CancellationTokenSource();
        search.StepCompleted += (_, s) => StopAfter(s.Step, step, stop);
        return stop.Token;
    }

    private static void StopAfter(int step, int last, CancellationTokenSource stop)
    {
        if (step == last)
        {
            stop.Cancel();
        }
    }

    private static IBatchSource<Batch> Half(int seed)
    {
        var random = new Generator((ulong)seed);
        var images = randn(32, 3, 8, 8, generator: random);
        var labels = randint(0, 10, 32, generator: random);
        return IndexedBatches.Shuffled(images, labels, batchSize: 8, seed);
    }

    private static Tensor Example() => randn([1, 3, 8, 8], generator: new Generator(7));

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private sealed class NoBatches : IBatchSource<Batch>
    {
        public int BatchesPerEpoch => 0;

        public IEnumerable<Batch> Epoch(int epoch, int skip) => [];
    }

    /// <summary>One number that nothing computes with is not finite.</summary>
    private sealed class WithNaN : nn.Module<Tensor, Tensor>
    {
        private readonly ExpandableNetwork inner;

        public WithNaN(ChannelPlan channels)
            : base(nameof(WithNaN))
        {
            inner = new ExpandableNetwork(channels);
            RegisterComponents();
            register_buffer("unread", full(1, float.NaN));
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    private sealed class Ignoring : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> fc = nn.Linear(3, 2);

        public Ignoring(ChannelPlan channels)
            : base(nameof(Ignoring))
        {
            _ = channels["ignored", 4];
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call(input.mean([2, 3]));
    }

    private sealed class OutputOnly : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> fc;

        public OutputOnly(ChannelPlan channels)
            : base(nameof(OutputOnly))
        {
            fc = nn.Linear(3, channels["fc", 10]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call(input.mean([2, 3]));
    }

    /// <summary>Two outputs of eight channels meet, one of which is twice what the builder asks for.</summary>
    private sealed class Disagreeing : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first;
        private readonly nn.Module<Tensor, Tensor> second;
        private readonly nn.Module<Tensor, Tensor> fc;

        public Disagreeing(ChannelPlan channels)
            : base(nameof(Disagreeing))
        {
            var (half, whole) = (channels["half", 4], channels["whole", 8]);
            first = nn.Conv2d(3, 2 * half, 1);
            second = nn.Conv2d(3, whole, 1);
            fc = nn.Linear(whole, 10);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call((first.call(input) + second.call(input)).mean([2, 3]));
    }
}
