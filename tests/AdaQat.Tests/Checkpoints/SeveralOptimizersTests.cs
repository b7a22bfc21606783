using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>A run with an optimizer for the weights and another for PACT's α, saved and resumed as one.</summary>
public sealed class SeveralOptimizersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loop_of_ones_own_goes_on_to_the_bit()
    {
        using var whole = new Run();
        whole.Steps(6);
        using (var first = new Run())
        {
            first.Steps(3);
            Checkpoint.Save(Path, first.Quantized, first.Optimizers, first.Widths, new TrainingProgress(Step: 3));
        }

        using var rest = new Run(seed: 8);
        rest.Steps(Checkpoint.Resume(Path, rest.Quantized, rest.Optimizers, rest.Widths));

        rest.Everything().ShouldEqual(whole.Everything());
    }

    [Fact]
    public void The_order_in_which_they_are_given_does_not_matter_but_their_names_do()
    {
        using var run = new Run();
        run.Steps(2);
        Checkpoint.Save(Path, run.Quantized, run.Optimizers, run.Widths);
        using var other = new Run(seed: 8);

        Checkpoint.Resume(Path, other.Quantized, [("alphas", other.Alphas), ("weights", other.Weights)], other.Widths);

        other.Everything().ShouldEqual(run.Everything());
    }

    [Fact]
    public void What_differs_is_refused_by_name_and_nothing_has_changed()
    {
        using var run = new Run();
        run.Steps(2);
        Checkpoint.Save(Path, run.Quantized, run.Optimizers, run.Widths);
        using var other = new Run(seed: 8);
        var before = other.Everything();

        Refused([("weights", other.Weights), ("gammas", other.Alphas)]).WithMessage("*optimizer 'alphas' is Adam there and absent here*");
        Refused([("weights", other.Weights)]).WithMessage("*optimizer 'alphas' is Adam there and absent here*");
        Refused([("weights", other.Alphas), ("alphas", other.Weights)]).WithMessage("*optimizer 'alphas' is Adam there and SGD here*");
        other.Invoking(o => Checkpoint.Resume(Path, o.Quantized, o.Weights, o.Widths)).Should().Throw<CheckpointException>()
            .WithMessage("*optimizer is alphas: Adam, weights: SGD there and SGD here*");
        other.Everything().ShouldEqual(before);

        FluentAssertions.Specialized.ExceptionAssertions<CheckpointException> Refused(
            IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers) =>
            other.Invoking(o => Checkpoint.Resume(Path, o.Quantized, optimizers, o.Widths)).Should().Throw<CheckpointException>();
    }

    [Fact]
    public void A_checkpoint_of_one_optimizer_is_refused_for_several()
    {
        using var run = new Run();
        Checkpoint.Save(Path, run.Quantized, run.Weights, run.Widths);

        run.Invoking(r => Checkpoint.Resume(Path, r.Quantized, r.Optimizers, r.Widths)).Should().Throw<CheckpointException>()
            .WithMessage("*optimizer is SGD there and alphas: Adam, weights: SGD here*");
    }

    [Fact]
    public void Names_that_are_none_and_what_is_given_twice_are_refused()
    {
        using var run = new Run();
        Save([]).WithMessage("There is no optimizer*");
        Save([("", run.Weights)]).WithMessage("The optimizer's name is ''*");
        Save([("a.b", run.Weights)]).WithMessage("The optimizer's name is 'a.b'; allowed are letters*");
        Save([("a", run.Weights), ("a", run.Alphas)]).WithMessage("The name a is there twice*");
        Save([("a", run.Weights), ("b", run.Weights)]).WithMessage("The optimizer *is there twice*");
        File.Exists(Path).Should().BeFalse();

        FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Save(
            IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers) =>
            run.Invoking(r => Checkpoint.Save(Path, r.Quantized, optimizers, r.Widths)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void One_that_moves_what_the_checkpoint_would_not_hold_is_refused()
    {
        using var run = new Run();
        using var critic = nn.Linear(3, 2);
        using var foreign = optim.SGD(critic.parameters(), 0.1);

        run.Invoking(r => Checkpoint.Save(Path, r.Quantized, [("weights", r.Weights), ("critic", foreign)], r.Widths))
            .Should().Throw<ArgumentException>().WithMessage("The optimizer 'critic' moves a parameter of shape [2, 3]*PartOf(whole)*");
        run.Invoking(r => Checkpoint.Save(Path, r.Quantized, foreign, r.Widths)).Should().Throw<ArgumentException>();
        File.Exists(Path).Should().BeFalse();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_trainers_run_steps_all_of_them_and_resumes_to_the_bit(int stop)
    {
        using var whole = new Run();
        whole.Trainer(path: null).Fit(new Batches(14, 4));
        using (var first = new Run())
        {
            using var cancellation = new CancellationTokenSource();
            var trainer = first.Trainer(Path);
            trainer.StepCompleted += (_, s) => (s.Step == stop ? cancellation : null)?.Cancel();
            trainer.Fit(new Batches(14, 4), cancellation: cancellation.Token).Completed.Should().BeFalse();
        }

        using var rest = new Run(seed: 8);
        var resumed = rest.Trainer(Path);
        resumed.Resume(Path);
        resumed.Fit(new Batches(14, 4));

        rest.Everything().ShouldEqual(whole.Everything());
        whole.Alphas.ParamGroups.Should().OnlyContain(g => g.LearningRate < g.InitialLearningRate, "the schedule is for all");
        using var untrained = new Run();
        Near.Numbers(whole.Quantized.QuantizerParameters()[0])
            .Should().NotEqual(Near.Numbers(untrained.Quantized.QuantizerParameters()[0]));
    }

    [Fact]
    public void The_trainer_refuses_a_parameter_that_two_move_and_one_that_none_does()
    {
        using var run = new Run();
        using var all = optim.SGD(run.Quantized.Parameters(), 0.1);

        run.Invoking(r => r.With([("all", all), ("alphas", r.Alphas)])).Should().Throw<ArgumentException>()
            .WithMessage("'conv1.activation_quantizer.alpha' is moved twice in a step*");
        run.Invoking(r => r.With([("weights", r.Weights)])).Should().Throw<ArgumentException>()
            .WithMessage("The optimizer does not move 'conv1.activation_quantizer.alpha'*");
    }

    [Fact]
    public void A_model_in_float_has_several_as_well()
    {
        manual_seed(1);
        using var model = Networks.Linear();
        using var first = optim.SGD(Of("fc1"), 0.1, momentum: 0.9);
        using var rest = optim.Adam(Of("fc2").Concat(Of("fc3")));
        var (input, target) = Networks.Rows(4);
        nn.functional.cross_entropy(model.call(input), target).backward();
        first.step();
        rest.step();
        Checkpoint.Save(Path, model, [("first", first), ("rest", rest)], new TrainingProgress(Step: 1));
        var saved = (Bits.OfState(model), Bits.OfOptimizer(first), Bits.OfOptimizer(rest));
        first.step();
        rest.step();

        Checkpoint.Resume(Path, model, [("first", first), ("rest", rest)]).Step.Should().Be(1);

        Bits.OfState(model).ShouldEqual(saved.Item1);
        Bits.OfOptimizer(first).Should().Equal(saved.Item2);
        Bits.OfOptimizer(rest).Should().Equal(saved.Item3);
        new AdaQatTrainer(model, [("first", first), ("rest", rest)], TrainerRun.CrossEntropy).Progress.Step.Should().Be(0);

        IEnumerable<Parameter> Of(string layer) => model.named_modules().Single(m => m.name == layer).module.parameters();
    }

    /// <summary>A network whose α has an optimizer of its own.</summary>
    private sealed class Run : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> _model;
        private int _step;

        public Run(long seed = 3)
        {
            manual_seed(seed);
            _model = Networks.Convolutional();
            using var example = rand(1, 3, 8, 8);
            Quantized = QuantizedModel.Attach(
                _model, example, new QuantizationOptions { Activations = new PactOptions { ClippingValue = 2 } });
            Widths = new BitWidthOptimizer(Quantized, Schedules.Exact);
            Weights = optim.SGD(Quantized.ModelParameters(), 0.05, momentum: 0.9);
            Alphas = optim.Adam(Quantized.QuantizerParameters(), 0.01);
        }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public OptimizerHelper Weights { get; }

        public OptimizerHelper Alphas { get; }

        public IReadOnlyList<(string Name, optim.Optimizer Optimizer)> Optimizers => [("weights", Weights), ("alphas", Alphas)];

        public AdaQatTrainer Trainer(string? path) => With(Optimizers, new TrainerOptions { Epochs = 2, CheckpointPath = path });

        public AdaQatTrainer With(
            IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers, TrainerOptions? options = null) =>
            new(Widths, optimizers, TrainerRun.CrossEntropy, options);

        public void Steps(TrainingProgress from)
        {
            _step = from.Step;
            Steps(3);
        }

        public void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                var (input, target) = Networks.Images(4, seed: 100 + _step++);
                Weights.zero_grad();
                Alphas.zero_grad();
                var loss = nn.functional.cross_entropy(_model.call(input), target);
                loss.backward();
                Widths.Step(loss, () => nn.functional.cross_entropy(_model.call(input), target));
                Weights.step();
                Alphas.step();
            }
        }

        public Dictionary<string, byte[]> Everything()
        {
            var everything = Bits.OfState(_model);
            everything["(weights)"] = Bits.OfOptimizer(Weights);
            everything["(alphas)"] = Bits.OfOptimizer(Alphas);
            everything["(random)"] = Bits.OfRandomState();
            everything["(widths)"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Widths.Snapshot());
            return everything;
        }

        public void Dispose()
        {
            Weights.Dispose();
            Alphas.Dispose();
            Quantized.Dispose();
            _model.Dispose();
        }
    }
}
