using static AdaQat.Tests.Support.ScriptedRun;
using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>Probes run in training mode and leave nothing behind; they see the dropout masks of the step's own forward.</summary>
public sealed class ProbeRunTests
{
    private static readonly BitWidthOptimizerOptions Options = Schedules.Exact with { LearningRate = 1e-9 };

    [Fact]
    public void A_run_with_probes_is_to_the_bit_the_run_without()
    {
        var probed = Train(withProbes: true);
        var plain = Train(withProbes: false);

        probed.State.ShouldEqual(plain.State);
        probed.Gradients.ShouldEqual(plain.Gradients);
        probed.Random.Should().Equal(plain.Random);
    }

    [Fact]
    public void A_step_changes_no_buffer_gradient_weight_or_random_state()
    {
        using var run = new Run(dropout: 0.5);
        var loss = run.Backward();
        var (state, gradients, random) = (Bits.OfState(run.Model), Bits.OfGradients(run.Model), Bits.OfRandomState());
        var forwards = 0;

        run.Optimizer.Step(loss, () =>
        {
            forwards++;
            return run.Loss();
        });

        forwards.Should().Be(3, "the first step asks the closure for the loss it knows, and probes two widths");
        Bits.OfState(run.Model).ShouldEqual(state);
        Bits.OfGradients(run.Model).ShouldEqual(gradients);
        Bits.OfRandomState().Should().Equal(random);
        run.Model.training.Should().BeTrue();
    }

    [Fact]
    public void A_closure_that_draws_random_numbers_of_its_own_does_not_move_the_random_state()
    {
        using var run = new Run(dropout: 0.5);
        var loss = run.Backward();
        var random = Bits.OfRandomState();

        run.Optimizer.Step(loss, () =>
        {
            var again = run.Loss();
            using var noise = rand(7);
            return again;
        });

        Bits.OfRandomState().Should().Equal(random);
    }

    [Fact]
    public void A_closure_that_throws_leaves_no_trace_either()
    {
        using var run = new Run(dropout: 0.5);
        var loss = run.Backward();
        var (state, gradients, random) = (Bits.OfState(run.Model), Bits.OfGradients(run.Model), Bits.OfRandomState());

        var step = () => run.Optimizer.Step(loss, () =>
        {
            using var discarded = run.Loss();
            throw new InvalidOperationException("after the forward");
        });

        step.Should().Throw<InvalidOperationException>();
        Bits.OfState(run.Model).ShouldEqual(state);
        Bits.OfGradients(run.Model).ShouldEqual(gradients);
        Bits.OfRandomState().Should().Equal(random);
    }

    [Fact]
    public void Every_probe_sees_the_dropout_masks_of_the_training_forward()
    {
        using var run = new Run(dropout: 0.5);
        run.Optimizer.Step(run.Backward(), run.Loss);
        for (var i = 0; i < 3; i++)
        {
            run.Masks.Clear();

            run.Optimizer.Step(run.Backward(), run.Loss);

            run.Masks.Should().HaveCount(3);
            run.Masks[1].Should().Equal(run.Masks[0]);
            run.Masks[2].Should().Equal(run.Masks[0]);
        }
    }

    [Fact]
    public void Two_steps_have_different_masks()
    {
        using var run = new Run(dropout: 0.5);

        run.Optimizer.Step(run.Backward(), run.Loss);
        run.Masks.Should().HaveCount(4).And.OnlyContain(mask => mask.SequenceEqual(run.Masks[0]));
        run.Optimizer.Step(run.Backward(), run.Loss);

        run.Masks[4].Should().NotEqual(run.Masks[0]);
    }

    [Fact]
    public void A_probe_at_the_training_forwards_own_widths_has_its_loss_to_the_bit()
    {
        using var run = new Run(dropout: 0.5);
        var loss = run.Backward();
        var here = loss.item<float>();

        var step = run.Optimizer.Step(loss, () => AtFullWidth(run));

        step.Probes.Should().OnlyContain(p => p.NeighbourLoss == here && p.Difference == 0);
    }

    [Fact]
    public void With_several_forwards_in_a_loss_each_probe_repeats_each_of_them()
    {
        using var run = new Run(dropout: 0.5);
        Tensor Twice() => run.Loss() + run.Loss();
        run.Model.zero_grad();
        using var loss = Twice();
        loss.backward();

        run.Optimizer.Step(loss, Twice);

        run.Masks[1].Should().NotEqual(run.Masks[0]);
        run.Masks.Should().HaveCount(8, "the loss again, and two probes");
        run.Masks.Chunk(2).Should().OnlyContain(pair => pair[0].SequenceEqual(run.Masks[0]) && pair[1].SequenceEqual(run.Masks[1]));
    }

    [Fact]
    public void Where_gradients_are_accumulated_the_probes_repeat_the_last_forward_from_the_first_step_on()
    {
        using var run = new Run(dropout: 0.5);
        for (var i = 0; i < 2; i++)
        {
            run.Masks.Clear();
            run.Model.zero_grad();
            using var first = run.Loss();
            first.backward();
            using var second = run.Loss();
            second.backward();

            run.Optimizer.Step(second, run.Loss);

            run.Masks.TakeLast(2).Should().OnlyContain(mask => mask.SequenceEqual(run.Masks[1]));
        }
    }

    [Fact]
    public void An_evaluation_between_forward_and_step_does_not_shift_the_masks()
    {
        using var run = new Run(dropout: 0.5);
        using var loss = run.Backward();
        run.Model.eval();
        using (no_grad())
        {
            run.Loss().Dispose();
        }

        run.Model.train();
        run.Masks.RemoveAt(1);

        run.Optimizer.Step(loss, run.Loss);

        run.Masks[1].Should().Equal(run.Masks[0]);
    }

    /// <summary>The loss as it was before the probe: with the widths that the training forward had.</summary>
    private static Tensor AtFullWidth(Run run)
    {
        using var weights = run.Quantized.Widths[0].At(8);
        using var activations = run.Quantized.Widths[1].At(8);
        return run.Loss();
    }

    private static (Dictionary<string, byte[]> State, Dictionary<string, byte[]> Gradients, byte[] Random) Train(bool withProbes)
    {
        using var run = new Run(dropout: 0.5);
        using var weights = optim.SGD(run.Quantized.Parameters(), 0.05, momentum: 0.9);
        for (var i = 0; i < 4; i++)
        {
            weights.zero_grad();
            using var loss = run.Backward();
            if (withProbes)
            {
                run.Optimizer.Step(loss, run.Loss).Probes.Should().HaveCount(2);
            }

            weights.step();
        }

        return (Bits.OfState(run.Model), Bits.OfGradients(run.Model), Bits.OfRandomState());
    }

    /// <summary>A network with batch normalisation and dropout, whose masks are recorded forward by forward.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Tensor _input;
        private readonly Tensor _target;

        public Run(double dropout)
        {
            manual_seed(5);
            Model = Networks.Convolutional(dropout);
            (_input, _target) = Networks.Images(6);
            Quantized = QuantizedModel.Attach(Model, _input, Start(8, 8));
            Optimizer = new BitWidthOptimizer(Quantized, Options);
            var drop = (nn.Module<Tensor, Tensor>)Model.named_modules().Single(m => m.name == "drop").module;
            drop.register_forward_hook((_, input, output) =>
            {
                using var kept = output.ne(0);
                using var open = input.ne(0);
                Masks.Add([.. Bits.Of(kept), .. Bits.Of(open)]);
                return output;
            });
        }

        public nn.Module<Tensor, Tensor> Model { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Optimizer { get; }

        public List<byte[]> Masks { get; } = [];

        public Tensor Loss() => nn.functional.cross_entropy(Model.call(_input), _target);

        public Tensor Backward()
        {
            Model.zero_grad();
            var loss = Loss();
            loss.backward();
            return loss;
        }

        public void Dispose()
        {
            Quantized.Dispose();
            Model.Dispose();
            _input.Dispose();
            _target.Dispose();
        }
    }
}
