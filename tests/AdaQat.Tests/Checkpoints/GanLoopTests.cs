using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>
/// A GAN whose generator is quantized: two networks in a module that nobody calls, two optimizers that take turns, one checkpoint.
/// </summary>
public sealed class GanLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_resumed_run_is_the_uninterrupted_one()
    {
        var path = _folder.In("gan.ckpt");
        using var whole = new Run(seed: 3);
        whole.TrainTo(6);
        using (var first = new Run(seed: 3))
        {
            first.TrainTo(3);
            Checkpoint.Save(path, first.Quantized, first.Optimizers, first.Widths, new TrainingProgress(Step: first.Steps));
        }

        using var rest = new Run(seed: 9);
        rest.Steps = Checkpoint.Resume(path, rest.Quantized, rest.Optimizers, rest.Widths).Step;
        rest.TrainTo(6);

        rest.Everything().ShouldEqual(whole.Everything());
        whole.Widths.Steps.Should().Be(6);
        whole.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void The_generator_alone_loads_from_it()
    {
        var path = _folder.In("gan.ckpt");
        using var run = new Run(seed: 3);
        run.TrainTo(2);
        Checkpoint.Save(path, run.Quantized, run.Optimizers, run.Widths);
        using var generator = Run.NewGenerator();
        using var quantized = QuantizedModel.Attach(generator, rand(1, 4), new QuantizationOptions());

        Checkpoint.LoadWeights(path, generator, part: "generator");

        Bits.OfState(generator).ShouldEqual(Bits.OfState(run.Quantized.Model));
    }

    private sealed class Gan : nn.Module
    {
        public Gan()
            : base(nameof(Gan))
        {
            register_module("generator", Generator);
            register_module("critic", Critic);
        }

        public nn.Module<Tensor, Tensor> Generator { get; } = Run.NewGenerator();

        public nn.Module<Tensor, Tensor> Critic { get; } = nn.Sequential(
            ("a", nn.Linear(3, 6)), ("norm", nn.BatchNorm1d(6)), ("relu", nn.ReLU()), ("b", nn.Linear(6, 1)));
    }

    private sealed class Run : IDisposable
    {
        private readonly Gan _gan;
        private readonly OptimizerHelper _generator;
        private readonly OptimizerHelper _critic;

        public Run(long seed)
        {
            manual_seed(seed);
            _gan = new Gan();
            using var noise = randn(1, 4);
            Quantized = QuantizedModel.Attach(_gan.Generator, noise, new QuantizationOptions()).PartOf(_gan);
            Widths = new BitWidthOptimizer(Quantized, Schedules.Exact);
            _generator = optim.Adam(_gan.Generator.parameters().ToList(), 0.01);
            _critic = optim.SGD(_gan.Critic.parameters().ToList(), 0.05, momentum: 0.9);
        }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public int Steps { get; set; }

        public IReadOnlyList<(string Name, optim.Optimizer Optimizer)> Optimizers => [("generator", _generator), ("critic", _critic)];

        public static nn.Module<Tensor, Tensor> NewGenerator() => Networks.Linear();

        public void TrainTo(int step)
        {
            for (; Steps < step; Steps++)
            {
                using var scope = NewDisposeScope();
                var noise = randn(8, 4);
                var real = randn(8, 3);
                TeachCritic(noise, real);
                TeachGenerator(noise);
            }
        }

        public Dictionary<string, byte[]> Everything()
        {
            var everything = Bits.OfState(_gan);
            everything["(generator)"] = Bits.OfOptimizer(_generator);
            everything["(critic)"] = Bits.OfOptimizer(_critic);
            everything["(random)"] = Bits.OfRandomState();
            everything["(widths)"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Widths.Snapshot());
            return everything;
        }

        public void Dispose()
        {
            _generator.Dispose();
            _critic.Dispose();
            Quantized.Dispose();
            _gan.Dispose();
        }

        private void TeachCritic(Tensor noise, Tensor real)
        {
            Tensor made;
            using (no_grad())
            {
                made = _gan.Generator.call(noise);
            }

            _critic.zero_grad();
            (_gan.Critic.call(made) - _gan.Critic.call(real)).mean().backward();
            _critic.step();
        }

        private void TeachGenerator(Tensor noise)
        {
            _generator.zero_grad();
            var loss = Loss();
            loss.backward();
            Widths.Step(loss, Loss);
            _generator.step();

            Tensor Loss() => -_gan.Critic.call(_gan.Generator.call(noise)).mean();
        }
    }
}
