using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Learning;

/// <summary>What is easily forgotten in a loop of one's own is noticed: a warning, or an error where the result would be wrong.</summary>
public sealed class LoopMistakesTests : IDisposable
{
    private readonly Loop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_loop_as_the_readme_has_it_is_silent()
    {
        for (var step = 0; step < 12; step++)
        {
            _loop.Train();
        }

        _loop.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_step_after_the_weights_moved_is_refused_and_changes_nothing()
    {
        var before = _loop.Widths.Snapshot();
        using var loss = _loop.Backward();
        _loop.Weights.step();

        _loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>()
            .WithMessage("The weights have moved since the forward that the loss comes from: make Step before the step of the weights'*");

        _loop.Widths.Snapshot().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void A_closure_that_calls_backward_is_refused_in_the_first_step_and_leaves_the_gradients()
    {
        using var loss = _loop.Backward();
        var gradients = Bits.OfGradients(_loop.Model);

        _loop.Widths.Invoking(w => w.Step(loss, () =>
        {
            var again = _loop.Loss();
            again.backward();
            return again;
        })).Should().Throw<InvalidOperationException>().WithMessage("The closure calls backward() on the loss: it must only compute *");

        Bits.OfGradients(_loop.Model).ShouldEqual(gradients);
        _loop.Model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    [Fact]
    public void A_closure_that_zeroes_the_gradients_is_refused_in_the_first_step()
    {
        using var loss = _loop.Backward();

        _loop.Widths.Invoking(w => w.Step(loss, () =>
        {
            _loop.Weights.zero_grad();
            return _loop.Loss();
        })).Should().Throw<InvalidOperationException>().WithMessage("The closure changes gradients, as zero_grad() does*");
    }

    [Fact]
    public void It_is_refused_in_later_steps_that_probe_too()
    {
        using var loop = new Loop(Schedules.Exact with { ProbeInterval = 50 });
        for (var step = 0; step < 149; step++)
        {
            loop.Train();
        }

        using var loss = loop.Backward();
        loop.Weights.step();

        loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>().WithMessage("The weights have moved*");
    }

    [Fact]
    public void After_a_hundred_steps_those_that_do_not_probe_are_not_watched()
    {
        using var loop = new Loop(Schedules.Exact with { ProbeInterval = 1000 });
        for (var step = 0; step < 100; step++)
        {
            loop.Train();
        }

        using var loss = loop.Backward();
        loop.Weights.step();

        loop.Invoking(l => l.Step(loss)).Should().NotThrow();
    }

    [Fact]
    public void Until_then_every_step_is_watched()
    {
        using var loop = new Loop(Schedules.Exact with { ProbeInterval = 1000 });
        for (var step = 0; step < 99; step++)
        {
            loop.Train();
        }

        using var loss = loop.Backward();
        loop.Weights.step();

        loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>().WithMessage("The weights have moved*");
    }

    [Theory]
    [InlineData("first")]
    [InlineData("middle")]
    [InlineData("last")]
    public void Where_only_one_layer_is_trained_its_move_is_seen(string layer)
    {
        foreach (var (_, parameter) in _loop.Model.named_parameters().Where(p => !p.name.StartsWith(layer, StringComparison.Ordinal)))
        {
            parameter.requires_grad_(false);
        }

        using var loss = _loop.Backward();
        _loop.Weights.step();

        _loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>().WithMessage("The weights have moved*");
    }

    [Fact]
    public void A_step_left_out_between_two_backward_passes_is_told_once_and_stays_in_the_summary()
    {
        var told = new List<QuantizationWarning>();
        _loop.Quantized.Warning += (_, warning) => told.Add(warning);
        _loop.Train();

        _loop.Backward().Dispose();
        _loop.Weights.step();
        told.Should().BeEmpty();
        _loop.Train();
        _loop.Train();

        told.Should().ContainSingle().Which.Message.Should().StartWith("The weights have moved between two forwards and no Step was made");
        _loop.Quantized.Summary().ToString().Should().Contain("no Step was made");
    }

    [Fact]
    public void A_calibration_before_weights_are_corrected_is_no_step_left_out()
    {
        using var batch = randn(4, 4);
        _loop.Quantized.Calibrate([batch]);
        using (no_grad())
        {
            _loop.Model.parameters().First().add_(0.1);
        }

        _loop.Train();

        _loop.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Gradients_accumulated_over_several_backward_passes_are_no_mistake()
    {
        for (var step = 0; step < 3; step++)
        {
            _loop.Backward().Dispose();
            _loop.Train();
        }

        _loop.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_loss_that_no_forward_of_the_model_led_to_is_refused()
    {
        using var other = Networks.Linear();
        using var input = randn(2, 4);
        using var foreign = other.call(input).square().mean();

        _loop.Invoking(l => l.Step(foreign)).Should().Throw<InvalidOperationException>()
            .WithMessage("No quantized layer has computed with gradient since the last Step: the loss is not of a forward of this model*");
    }

    [Fact]
    public void A_loss_of_another_model_behind_a_forward_of_this_one_is_told_by_what_the_closure_computes()
    {
        using var backward = _loop.Backward();
        using var foreign = tensor(3.25f);

        _loop.Step(foreign);

        _loop.Quantized.Warnings.Should().ContainSingle().Which.Message.Should()
            .Match("The closure computes a loss of * where that of the step is 3.25: it must be the same loss*");
    }

    [Fact]
    public void A_closure_on_another_batch_is_told()
    {
        using var loss = _loop.Backward();
        using var other = randn(6, 4);

        _loop.Widths.Step(loss, () => _loop.Model.call(other).square().mean());

        _loop.Quantized.Warnings.Should().ContainSingle().Which.Subject.Should().Be("closure");
    }

    [Fact]
    public void A_loss_stepped_twice_is_refused()
    {
        using var loss = _loop.Backward();
        _loop.Step(loss);

        _loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>().WithMessage("*or of one that was stepped already.");
    }

    [Fact]
    public void A_loss_computed_without_gradient_is_refused()
    {
        Tensor loss;
        using (no_grad())
        {
            loss = _loop.Loss();
        }

        using (loss)
        {
            _loop.Invoking(l => l.Step(loss)).Should().Throw<InvalidOperationException>().WithMessage("No quantized layer has computed*");
        }
    }

    [Fact]
    public void A_model_in_eval_mode_is_told_once_and_learns()
    {
        var told = new List<QuantizationWarning>();
        _loop.Quantized.Warning += (_, warning) => told.Add(warning);
        _loop.Model.eval();

        _loop.Train();
        _loop.Train();

        told.Should().ContainSingle().Which.Message.Should().StartWith("The model is in eval mode while its bit-widths learn");
        _loop.Widths.Steps.Should().Be(2);
    }

    [Fact]
    public void Forward_in_place_of_call_is_told_once()
    {
        var told = new List<QuantizationWarning>();
        _loop.Quantized.Warning += (_, warning) => told.Add(warning);
        Tensor Loss() => _loop.Model.forward(_loop.Input).square().mean();

        for (var step = 0; step < 2; step++)
        {
            using var loss = Loss();
            loss.backward();
            _loop.Widths.Step(loss, Loss);
            _loop.Weights.step();
        }

        told.Should().ContainSingle().Which.Message.Should().Contain("call model.call(x)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_optimizer_that_does_not_know_the_quantizers_parameters_is_told_of(bool knows)
    {
        var told = new List<QuantizationWarning>();
        _loop.Quantized.Warning += (_, warning) => told.Add(warning);
        using var weights = optim.SGD(knows ? _loop.Quantized.Parameters() : _loop.Quantized.ModelParameters(), 0.01);

        for (var step = 0; step < 10; step++)
        {
            using var loss = _loop.Backward();
            _loop.Step(loss);
            weights.step();
        }

        told.Select(w => w.Subject).Should().Equal(knows ? [] : ["optimizer"]);
    }

    [Fact]
    public void An_evaluation_with_gradient_between_two_steps_is_no_mistake()
    {
        _loop.Train();
        _loop.Model.eval();
        _loop.Loss().Dispose();
        _loop.Model.train();
        _loop.Train();

        _loop.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Once_every_width_is_frozen_steps_may_be_left_out()
    {
        foreach (var width in _loop.Quantized.Widths)
        {
            width.Freeze();
        }

        _loop.Train();
        _loop.Backward().Dispose();
        _loop.Weights.step();
        _loop.Backward().Dispose();
        using var loss = tensor(1f);
        _loop.Step(loss);

        _loop.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Watching_leaves_no_tensor()
    {
        Steps();
        Steps();

        LiveTensors.LeftBy(Steps).Should().Be(0);

        void Steps()
        {
            using var scope = NewDisposeScope();
            _loop.Train();
            _loop.Backward().Dispose();
            _loop.Train();
        }
    }

    [Fact]
    public void A_forward_that_no_step_follows_is_forgotten_on_detaching()
    {
        _loop.Train();

        LiveTensors.LeftBy(() =>
        {
            using (NewDisposeScope())
            {
                _loop.Backward();
            }

            _loop.Quantized.Detach();
        }).Should().BeLessThanOrEqualTo(0);
    }

    private sealed class Loop : IDisposable
    {
        public Loop(BitWidthOptimizerOptions? options = null)
        {
            manual_seed(2);
            Model = nn.Sequential(("first", nn.Linear(4, 6)), ("middle", nn.Linear(6, 6)), ("last", nn.Linear(6, 2)));
            Input = randn(6, 4);
            Quantized = QuantizedModel.Attach(Model, Input, new QuantizationOptions());
            Widths = new BitWidthOptimizer(Quantized, options ?? Schedules.Exact);
            Weights = optim.SGD(Quantized.Parameters(), 0.01, momentum: 0.9);
        }

        public TorchSharp.Modules.Sequential Model { get; }

        public Tensor Input { get; }

        public QuantizedModel Quantized { get; }

        public BitWidthOptimizer Widths { get; }

        public TorchSharp.Modules.SGD Weights { get; }

        public Tensor Loss()
        {
            using var output = Model.call(Input);
            using var squared = output.square();
            return squared.mean();
        }

        public Tensor Backward()
        {
            Weights.zero_grad();
            var loss = Loss();
            loss.backward();
            return loss;
        }

        public void Step(Tensor loss) => Widths.Step(loss, Loss);

        public void Train()
        {
            using var loss = Backward();
            Step(loss);
            Weights.step();
        }

        public void Dispose()
        {
            Weights.Dispose();
            Quantized.Dispose();
            Model.Dispose();
            Input.Dispose();
        }
    }
}
