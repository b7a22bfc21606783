using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>
/// On a device whose generator cannot be read, probes repeat dropout masks all the same, and a resumed run goes on with its own.
/// </summary>
public sealed class SeedOnlyDeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_probe_sees_the_masks_of_the_training_forward_and_every_step_has_its_own()
    {
        using var run = new Run(Schedules.Exact);
        run.Step();
        var masks = new List<byte[]>();
        for (var step = 0; step < 8; step++)
        {
            run.Device.Masks.Clear();

            run.Step();

            run.Device.Masks.Should().HaveCount(3).And.OnlyContain(mask => mask.SequenceEqual(run.Device.Masks[0]));
            masks.Add(run.Device.Masks[0]);
        }

        masks.Select(Convert.ToHexString).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Torchs_default_generator_is_left_alone()
    {
        using var run = new Run(Schedules.Exact);
        var random = Bits.OfRandomState();

        run.Step();
        run.Step();

        Bits.OfRandomState().Should().Equal(random);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_trainers_run_that_was_stopped_between_checkpoints_goes_on_to_the_bit(bool learns)
    {
        var path = _folder.In("run.ckpt");
        using var whole = new Run(learns ? Schedules.Exact : null);
        whole.Trainer(_folder.In("whole.ckpt")).Fit(new Batches(12, 4));
        using (var first = new Run(learns ? Schedules.Exact : null))
        {
            using var cancellation = new CancellationTokenSource();
            var trainer = first.Trainer(path);
            trainer.StepCompleted += (_, s) => (s.Step == 4 ? cancellation : null)?.Cancel();
            trainer.Fit(new Batches(12, 4), cancellation: cancellation.Token).Completed.Should().BeFalse();
        }

        using var rest = new Run(learns ? Schedules.Exact : null, seed: 77);
        var resumed = rest.Trainer(path);
        resumed.Resume(path);
        resumed.Fit(new Batches(12, 4));

        if (learns)
        {
            // A new optimizer's first step asks the closure for the loss that it knows.
            rest.Device.Masks.RemoveAt(1);
        }

        rest.Device.Masks.Should().BeEquivalentTo(whole.Device.Masks.TakeLast(rest.Device.Masks.Count), o => o.WithStrictOrdering());
        Bits.OfState(rest.Model).ShouldEqual(Bits.OfState(whole.Model));
    }

    [Fact]
    public void A_loop_of_ones_own_goes_on_from_a_save_as_the_run_that_saved()
    {
        var path = _folder.In("own.ckpt");
        using var run = new Run(Schedules.Exact);
        run.Step();
        Checkpoint.Save(path, run.Quantized, run.Weights, run.Widths);
        run.Device.Masks.Clear();
        run.Step();
        run.Step();
        using var other = new Run(Schedules.Exact, seed: 77);

        Checkpoint.Resume(path, other.Quantized, other.Weights, other.Widths);
        other.Device.Masks.Clear();
        other.Step();
        other.Step();

        other.Device.Masks.Where((_, i) => i != 1).Should().BeEquivalentTo(
            run.Device.Masks, o => o.WithStrictOrdering(), "a new optimizer's first step asks the closure for the loss that it knows");
        Bits.OfState(other.Model).ShouldEqual(Bits.OfState(run.Model));
    }

    [Fact]
    public void A_checkpoint_of_a_run_without_such_a_device_is_taken()
    {
        var path = _folder.In("cpu.ckpt");
        using (var run = new Run(Schedules.Exact, isOnDevice: false))
        {
            run.Step();
            Checkpoint.Save(path, run.Quantized, run.Weights, run.Widths);
        }

        using var other = new Run(Schedules.Exact);

        Checkpoint.Resume(path, other.Quantized, other.Weights, other.Widths);

        other.Widths!.Steps.Should().Be(1);
    }

    /// <summary>A network whose dropout draws from the device.</summary>
    private sealed class Run : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> _network;
        private readonly Tensor _input;
        private readonly Tensor _target;

        public Run(BitWidthOptimizerOptions? widths, long seed = 7, bool isOnDevice = true)
        {
            manual_seed(3);
            Device = new SeedOnlyDevice(seed);
            _network = Networks.Convolutional(dropout: 0);
            Model = new Lambda(x => _network.call(Device.Drop(x)), ("network", _network));
            (_input, _target) = Networks.Images(4);
            Quantized = QuantizedModel.Attach(Model, _input, new QuantizationOptions());
            if (isOnDevice)
            {
                Quantized.Random = Device.RandomOf(Model);
            }

            Widths = widths is null ? null : new BitWidthOptimizer(Quantized, widths);
            Weights = optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9);
            Device.Masks.Clear();
        }

        public SeedOnlyDevice Device { get; }

        public Lambda Model { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer? Widths { get; }

        public OptimizerHelper Weights { get; }

        public AdaQatTrainer Trainer(string path)
        {
            var options = new TrainerOptions { Epochs = 3, CheckpointPath = path };
            return Widths is null
                ? new AdaQatTrainer(Quantized, Weights, TrainerRun.CrossEntropy, options)
                : new AdaQatTrainer(Widths, Weights, TrainerRun.CrossEntropy, options);
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            Weights.zero_grad();
            var loss = Loss();
            loss.backward();
            Widths!.Step(loss, Loss);
            Weights.step();
        }

        public void Dispose()
        {
            Weights.Dispose();
            Quantized.Dispose();
            Model.Dispose();
            _input.Dispose();
            _target.Dispose();
            Device.Dispose();
        }

        private Tensor Loss() => nn.functional.cross_entropy(Model.call(_input), _target);
    }
}
