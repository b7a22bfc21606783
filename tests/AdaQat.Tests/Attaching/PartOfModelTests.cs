using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>A part of a model is quantized; the whole is trained, saved and resumed.</summary>
public sealed class PartOfModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_costs_and_summary_are_the_parts_and_parameters_the_wholes()
    {
        using var run = new Run();

        run.Quantized.Layers.Select(l => l.Name).Should().Equal("fc1", "fc2", "fc3");
        run.Quantized.Summary().Macs.Should().Be((4 * 8) + (8 * 8) + (8 * 3));
        run.Quantized.Whole.Should().BeSameAs(run.Whole);
        run.Quantized.Model.Should().BeSameAs(run.Whole.Body);
        Handles(run.Quantized.Parameters()).Should().Equal(Handles(run.Whole.parameters()));
        Handles(run.Quantized.ModelParameters().Concat(run.Quantized.QuantizerParameters()))
            .Should().BeEquivalentTo(Handles(run.Whole.parameters()));
    }

    [Fact]
    public void Its_generators_stay_those_that_the_optimizer_of_its_widths_knows()
    {
        using var run = new Run(saysSo: false);
        var before = run.Quantized.Random.Serving.ToList();

        run.Quantized.PartOf(run.Whole);

        run.Quantized.Random.Serving.Should().Equal(before);
    }

    [Fact]
    public void Without_a_word_the_whole_is_the_model()
    {
        using var model = Networks.Linear();
        using var quantized = QuantizedModel.Attach(model, rand(1, 4), new QuantizationOptions());

        quantized.Whole.Should().BeSameAs(model);
    }

    [Fact]
    public void What_it_is_no_part_of_is_refused()
    {
        using var run = new Run(saysSo: false);
        using var other = Networks.Linear();

        run.Quantized.Invoking(q => q.PartOf(other)).Should().Throw<ArgumentException>().WithMessage("*is not among the modules of*");
        run.Quantized.Whole.Should().BeSameAs(run.Whole.Body);
        run.Quantized.PartOf(run.Whole);
        run.Quantized.Invoking(q => q.PartOf(run.Whole)).Should().Throw<InvalidOperationException>().WithMessage("*before; say it once*");
        run.Quantized.Detach();
        run.Quantized.Invoking(q => q.PartOf(run.Whole)).Should().Throw<InvalidOperationException>().WithMessage("*detached*");
    }

    [Fact]
    public void A_trainer_trains_and_evaluates_the_whole_and_its_run_is_resumed_to_the_bit()
    {
        using var whole = new Run();
        whole.Trainer(path: null).Fit(whole.Rows, whole.Rows);
        using (var first = new Run())
        {
            using var cancellation = new CancellationTokenSource();
            var trainer = first.Trainer(Path);
            trainer.StepCompleted += (_, s) => (s.Step == 3 ? cancellation : null)?.Cancel();
            trainer.Fit(first.Rows, first.Rows, cancellation.Token).Completed.Should().BeFalse();
        }

        using var rest = new Run(seed: 9);
        var resumed = rest.Trainer(Path);
        resumed.Resume(Path);
        resumed.Fit(rest.Rows, rest.Rows);

        rest.Everything().ShouldEqual(whole.Everything());
        whole.Whole.ModesInEvaluation.Should().NotBeEmpty().And.OnlyContain(isTraining => !isTraining);
        whole.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Probes_leave_no_trace_in_the_rest_of_the_whole()
    {
        using var run = new Run();
        var (input, target) = Networks.Rows(6);
        var loss = run.Loss(input, target);
        loss.backward();
        var (state, random) = (Bits.OfState(run.Whole), Bits.OfRandomState());

        run.Widths.Step(loss, () => run.Loss(input, target)).Probes.Should().HaveCount(2);

        Bits.OfState(run.Whole).ShouldEqual(state);
        Bits.OfRandomState().Should().Equal(random);
    }

    [Fact]
    public void A_checkpoint_of_an_own_loop_holds_the_whole()
    {
        using var run = new Run();
        run.Step();
        Checkpoint.Save(Path, run.Quantized, run.Weights, run.Widths);
        using var other = new Run(seed: 9);

        Checkpoint.Resume(Path, other.Quantized, other.Weights, other.Widths);

        other.Everything().ShouldEqual(run.Everything());
    }

    [Fact]
    public void Without_saying_so_a_checkpoint_with_the_wholes_optimizer_is_refused()
    {
        using var run = new Run(saysSo: false);
        using var weights = optim.SGD(run.Whole.parameters(), 0.1);

        run.Invoking(r => Checkpoint.Save(Path, r.Quantized, weights, r.Widths)).Should().Throw<ArgumentException>()
            .WithMessage("*not the model's*only a part of the one that is trained, which quantized.PartOf(whole) says*");
        FluentActions.Invoking(() => new AdaQatTrainer<Batch>(run.Widths, weights, _ => throw new NotSupportedException()))
            .Should().Throw<ArgumentException>().WithMessage("*PartOf(whole)*");
        File.Exists(Path).Should().BeFalse();
    }

    [Fact]
    public void Weights_of_the_whole_load_into_the_whole_and_those_of_the_part_into_the_part()
    {
        using var run = new Run();
        run.Step();
        Checkpoint.Save(Path, run.Quantized, run.Weights, run.Widths);
        using var whole = new Pipeline();
        using var part = Networks.Linear();
        using var attached = Networks.Linear();
        using var quantized = QuantizedModel.Attach(attached, rand(1, 4), new QuantizationOptions());

        Checkpoint.LoadWeights(Path, whole);
        Checkpoint.LoadWeights(Path, part, part: "body");
        Checkpoint.LoadWeights(Path, attached, part: "body");

        var saved = Bits.OfState(run.Whole);
        Bits.OfState(whole).ShouldEqual(saved.Where(e => !e.Key.Contains("quantizer")).ToDictionary());
        Bits.OfState(part).ShouldEqual(saved.Where(e => e.Key.StartsWith("body.") && !e.Key.Contains("quantizer"))
            .ToDictionary(e => e.Key["body.".Length..], e => e.Value));
        Bits.OfState(attached).ShouldEqual(saved.Where(e => e.Key.StartsWith("body."))
            .ToDictionary(e => e.Key["body.".Length..], e => e.Value));
    }

    [Fact]
    public void A_part_that_the_checkpoint_does_not_have_is_refused_and_so_is_the_whole_for_the_part()
    {
        using var run = new Run();
        Checkpoint.Save(Path, run.Quantized, run.Weights, run.Widths);
        using var part = Networks.Linear();
        var before = Bits.OfState(part);

        part.Invoking(p => Checkpoint.LoadWeights(Path, p, part: "tail")).Should().Throw<CheckpointException>()
            .WithMessage("*has no part 'tail'*");
        part.Invoking(p => Checkpoint.LoadWeights(Path, p)).Should().Throw<CheckpointException>().WithMessage("*another model*");
        Bits.OfState(part).ShouldEqual(before);
    }

    [Fact]
    public void Two_parts_attached_apart_are_refused_in_one_checkpoint()
    {
        using var run = new Run();
        using var head = QuantizedModel.Attach(
            run.Whole.Head, rand(1, 3), new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null });

        run.Invoking(r => Checkpoint.Save(Path, r.Quantized, r.Weights, r.Widths)).Should().Throw<ArgumentException>()
            .WithMessage("*is attached apart from the quantized model given*");
    }

    [Fact]
    public void The_part_alone_is_saved_with_an_optimizer_of_its_own()
    {
        using var run = new Run(saysSo: false);
        using var own = optim.SGD(run.Quantized.Parameters(), 0.1);
        Checkpoint.Save(Path, run.Quantized, own, run.Widths);
        using var part = Networks.Linear();

        Checkpoint.LoadWeights(Path, part);

        Bits.OfState(part).ShouldEqual(Bits.OfState(run.Whole.Body).Where(e => !e.Key.Contains("quantizer")).ToDictionary());
    }

    private static List<IntPtr> Handles(IEnumerable<Parameter> parameters) => parameters.Select(p => p.Handle).ToList();

    /// <summary>A stem with batch normalisation and dropout and a head in float, around a body that is quantized.</summary>
    private sealed class Pipeline : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d _normalisation = nn.BatchNorm1d(4);
        private readonly Dropout _drop = nn.Dropout(0.3);

        public Pipeline()
            : base(nameof(Pipeline))
        {
            register_module("normalisation", _normalisation);
            register_module("drop", _drop);
            register_module("body", Body);
            register_module("head", Head);
        }

        public nn.Module<Tensor, Tensor> Body { get; } = Networks.Linear();

        public Linear Head { get; } = nn.Linear(3, 3);

        /// <summary>The head's mode in each forward without gradient outside a step of the widths.</summary>
        public List<bool> ModesInEvaluation { get; } = [];

        public bool IsStepping { get; set; }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            if (!is_grad_enabled() && !IsStepping)
            {
                ModesInEvaluation.Add(Head.training);
            }

            return Head.call(Body.call(_drop.call(_normalisation.call(input))).relu()).MoveToOuterDisposeScope();
        }
    }

    private sealed class Run : IDisposable
    {
        public Run(long seed = 3, bool saysSo = true)
        {
            manual_seed(seed);
            Whole = new Pipeline();
            using var example = randn(1, 4);
            Quantized = QuantizedModel.Attach(Whole.Body, example, new QuantizationOptions());
            if (saysSo)
            {
                Quantized.PartOf(Whole);
            }

            Widths = new BitWidthOptimizer(Quantized, Schedules.Exact);
            Weights = optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9);
        }

        public Pipeline Whole { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public OptimizerHelper Weights { get; }

        public RowBatches Rows { get; } = new();

        public AdaQatTrainer Trainer(string? path)
        {
            var trainer = new AdaQatTrainer(
                Widths, Weights, (output, target) => nn.functional.cross_entropy(output, target),
                new TrainerOptions { Epochs = 2, CheckpointPath = path });
            Whole.IsStepping = true;
            trainer.StepCompleted += (_, s) => Whole.IsStepping = s.Batch != Rows.BatchesPerEpoch;
            trainer.EpochCompleted += (_, _) => Whole.IsStepping = true;
            return trainer;
        }

        public Tensor Loss(Tensor input, Tensor target) => nn.functional.cross_entropy(Whole.call(input), target);

        public void Step()
        {
            using var scope = NewDisposeScope();
            var (input, target) = Networks.Rows(6);
            Weights.zero_grad();
            var loss = Loss(input, target);
            loss.backward();
            Widths.Step(loss, () => Loss(input, target));
            Weights.step();
        }

        public Dictionary<string, byte[]> Everything()
        {
            var everything = Bits.OfState(Whole);
            everything["(weights)"] = Bits.OfOptimizer(Weights);
            everything["(random)"] = Bits.OfRandomState();
            everything["(widths)"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Widths.Snapshot());
            return everything;
        }

        public void Dispose()
        {
            Weights.Dispose();
            Quantized.Dispose();
            Whole.Dispose();
        }
    }

    private sealed class RowBatches : IBatchSource<Batch>
    {
        public int BatchesPerEpoch => 4;

        public IEnumerable<Batch> Epoch(int epoch, int skip) => Enumerable.Range(skip, BatchesPerEpoch - skip).Select(i =>
        {
            var (input, target) = Networks.Rows(6, seed: 50 + (10 * epoch) + i);
            return new Batch(input, target);
        });
    }
}
