using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>A user's own batch and step function: a model of two inputs, told whose first numbers have a positive sum.</summary>
public sealed class StepFunctionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_two_inputs_learns_its_task_and_its_widths()
    {
        using var run = new PairRun(_folder.In("run.ckpt"), epochs: 40);
        var before = run.Trainer.Evaluate(run.Pairs);

        var last = run.Trainer.Fit(run.Pairs, run.Pairs).Last!;

        before.Accuracy.Should().BeLessThan(0.8);
        last.Test!.Accuracy.Should().BeGreaterThan(0.9);
        last.Test.Samples.Should().Be(64);
        run.Quantized.Widths.Should().OnlyContain(w => w.Bits < 8);
    }

    [Fact]
    public void Its_resumed_run_is_the_uninterrupted_one_to_the_bit()
    {
        using var whole = new PairRun(_folder.In("whole.ckpt"), epochs: 3);
        whole.Trainer.Fit(whole.Pairs);
        using (var first = new PairRun(_folder.In("cut.ckpt"), epochs: 3))
        {
            using var cancellation = new CancellationTokenSource();
            first.Trainer.StepCompleted += (_, s) => (s.Step == 6 ? cancellation : null)?.Cancel();
            first.Trainer.Fit(first.Pairs, null, cancellation.Token).Completed.Should().BeFalse();
        }

        using var resumed = new PairRun(_folder.In("cut.ckpt"), epochs: 3);
        resumed.Trainer.Resume(_folder.In("cut.ckpt"));
        resumed.Trainer.Fit(resumed.Pairs).Completed.Should().BeTrue();

        Bits.OfState(resumed.Model).ShouldEqual(Bits.OfState(whole.Model));
        resumed.Widths.Snapshot().Should().BeEquivalentTo(whole.Widths.Snapshot());
    }

    [Fact]
    public void Every_batch_is_disposed_and_no_tensor_is_left()
    {
        using var run = new PairRun(null, epochs: 1);
        run.Trainer.Fit(run.Pairs);

        LiveTensors.LeftBy(() => run.Trainer.Evaluate(run.Pairs)).Should().Be(0);
        run.Pairs.Open.Should().Be(0);
    }

    [Fact]
    public void Where_nothing_is_counted_there_is_no_accuracy()
    {
        using var run = new PairRun(_folder.In("run.ckpt"), epochs: 2, counts: false);

        var last = run.Trainer.Fit(run.Pairs, run.Pairs).Last!;
        using var resumed = new PairRun(_folder.In("run.ckpt"), epochs: 2, counts: false);
        resumed.Trainer.Resume(_folder.In("run.ckpt"));

        (last.Train.Accuracy, last.Test!.Accuracy).Should().Be((null, null));
        last.Test.Loss.Should().BePositive();
        resumed.Trainer.Progress.Should().Be(run.Trainer.Progress);
    }

    [Fact]
    public void A_front_without_an_accuracy_is_refused_before_the_weights_have_moved()
    {
        using var run = new PairRun(null, epochs: 1, counts: false, front: _folder.In("front"));
        var before = Bits.OfState(run.Model).Where(t => t.Key.EndsWith("weight", StringComparison.Ordinal)).ToDictionary();

        run.Trainer.Invoking(t => t.Fit(run.Pairs, run.Pairs)).Should().Throw<ArgumentException>()
            .WithMessage("ParetoFolder weighs accuracy against cost: the step function's result needs a CountCorrect.");

        Bits.OfState(run.Model).Where(t => before.ContainsKey(t.Key)).ToDictionary().ShouldEqual(before);
    }

    [Fact]
    public void A_result_of_no_samples_is_refused_before_the_weights_have_moved()
    {
        using var run = new PairRun(null, epochs: 1, samples: 0);
        var before = run.Model.named_parameters().ToDictionary(p => p.name, p => Bits.Of(p.parameter));

        run.Trainer.Invoking(t => t.Fit(run.Pairs)).Should().Throw<ArgumentException>()
            .WithMessage("The step function returned a result of 0 samples; allowed are 1 and more.");

        before.Where(p => p.Key.EndsWith("weight", StringComparison.Ordinal)).Should()
            .OnlyContain(p => Bits.Of(run.Model.named_parameters().Single(m => m.name == p.Key).parameter).SequenceEqual(p.Value));
    }

    [Fact]
    public void A_model_in_float_and_one_of_fixed_widths_train_with_a_step_function_too()
    {
        using var model = new PairNetwork();
        using var pairs = new Pairs();
        using (var weights = optim.Adam(model.parameters(), 0.01))
        {
            new AdaQatTrainer<Pair>(model, weights, p => PairRun.Result(model, p)).Fit(pairs).Completed.Should().BeTrue();
        }

        var (left, right) = PairNetwork.Example();
        using var quantized = QuantizedModel.Attach(
            model, left, right, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(4), ActivationBits = BitWidthChoice.Fixed(4) });
        using var others = optim.Adam(quantized.Parameters(), 0.01);

        new AdaQatTrainer<Pair>(quantized, others, p => PairRun.Result(model, p)).Fit(pairs).Completed.Should().BeTrue();
    }

    internal sealed record Pair(Tensor Left, Tensor Right, Tensor Larger, Action Disposed) : IDisposable
    {
        public void Dispose()
        {
            Left.Dispose();
            Right.Dispose();
            Larger.Dispose();
            Disposed();
        }
    }

    /// <summary>Sixteen batches of four pairs, whose label says whether their first numbers have a positive sum.</summary>
    internal sealed class Pairs : IBatchSource<Pair>, IDisposable
    {
        private readonly Tensor _left = Make.Random(64 * 6, ScalarType.Float32, 3);
        private readonly Tensor _right = Make.Random(64 * 6, ScalarType.Float32, 4);

        public int BatchesPerEpoch => 16;

        /// <summary>Batches handed out and not disposed yet.</summary>
        public int Open { get; private set; }

        public IEnumerable<Pair> Epoch(int epoch, int skip) => Enumerable.Range(skip, BatchesPerEpoch - skip).Select(BatchAt);

        private Pair BatchAt(int batch)
        {
            using var scope = NewDisposeScope();
            var left = _left.narrow(0, batch * 24, 24).reshape(4, 6).clone();
            var right = _right.narrow(0, batch * 24, 24).reshape(4, 6).clone();
            var larger = (left + right).narrow(1, 0, 1).sum(1).gt(0).to(ScalarType.Int64);
            Open++;
            return new Pair(
                left.MoveToOuterDisposeScope(), right.MoveToOuterDisposeScope(), larger.MoveToOuterDisposeScope(), () => Open--);
        }

        public void Dispose()
        {
            _left.Dispose();
            _right.Dispose();
        }
    }

    private sealed class PairRun : IDisposable
    {
        private readonly TorchSharp.Modules.OptimizerHelper _weights;

        public PairRun(string? checkpoint, int epochs, bool counts = true, string? front = null, long? samples = null)
        {
            manual_seed(1);
            var (left, right) = PairNetwork.Example();
            Quantized = QuantizedModel.Attach(Model, left, right, new QuantizationOptions());
            Widths = new BitWidthOptimizer(Quantized, Schedules.Exact with { LearningRate = 0.05, Lambda = 0.02 });
            _weights = optim.Adam(Quantized.Parameters(), 0.01);
            var options = new TrainerOptions { Epochs = epochs, CheckpointPath = checkpoint, ParetoFolder = front };
            Trainer = new AdaQatTrainer<Pair>(Widths, _weights, Step, options);

            BatchResult Step(Pair pair)
            {
                var result = Result(Model, pair);
                return result with { Samples = samples ?? result.Samples, CountCorrect = counts ? result.CountCorrect : null };
            }
        }

        public PairNetwork Model { get; } = new();

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public AdaQatTrainer<Pair> Trainer { get; }

        public Pairs Pairs { get; } = new();

        public static BatchResult Result(PairNetwork model, Pair pair)
        {
            var output = model.call(pair.Left, pair.Right);
            return new BatchResult(
                nn.functional.cross_entropy(output, pair.Larger), pair.Larger.shape[0],
                () => output.argmax(1).eq(pair.Larger).sum().item<long>());
        }

        public void Dispose()
        {
            _weights.Dispose();
            Quantized.Dispose();
            Model.Dispose();
            Pairs.Dispose();
        }
    }
}
