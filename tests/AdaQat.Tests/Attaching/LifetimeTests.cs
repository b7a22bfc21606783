using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>No tensor is left behind for the garbage collector to find.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly Tensor _input;
    private readonly Tensor _target;

    public LifetimeTests() => (_input, _target) = Networks.Images(4);

    [Fact]
    public void Attaching_and_disposing()
    {
        AttachAndDispose();

        LiveTensors.LeftBy(AttachAndDispose).Should().Be(0);

        void AttachAndDispose() => QuantizedModel.Attach(_model, _input, new QuantizationOptions()).Dispose();
    }

    [Fact]
    public void A_refused_attachment()
    {
        using var wrong = randn(1, 5, 8, 8);
        Refused();

        LiveTensors.LeftBy(Refused).Should().Be(0);

        void Refused() => _model.Invoking(m => QuantizedModel.Attach(m, wrong, new QuantizationOptions())).Should().Throw<Exception>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_forward_with_and_without_gradient(bool withGradient)
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        Forward();
        Forward();

        var whole = LiveTensors.LeftBy(Forward);

        quantized.Detach();
        whole.Should().Be(LiveTensors.LeftBy(Forward), "an attached forward leaves what the float one leaves");

        void Forward()
        {
            using var mode = set_grad_enabled(withGradient);
            _model.call(_input).Dispose();
        }
    }

    [Fact]
    public void A_training_step_with_probes()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { WarningInterval = 1 });
        using var weights = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);
        Step(weights, widths);

        LiveTensors.LeftBy(() =>
        {
            Step(weights, widths);
            Step(weights, widths);
        }).Should().Be(0);
    }

    [Fact]
    public void A_step_of_the_widths_alone_outside_any_scope()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact with { WarningInterval = 1 });
        Step();

        LiveTensors.LeftBy(Step).Should().Be(0);

        void Step()
        {
            using var output = _model.call(_input);
            using var loss = nn.functional.cross_entropy(output, _target);
            widths.Step(loss, Loss);
        }
    }

    [Fact]
    public void A_probe_that_throws()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        Throw();

        LiveTensors.LeftBy(Throw).Should().Be(0);

        void Throw()
        {
            using var scope = NewDisposeScope();
            var loss = Loss();
            widths.Invoking(w => w.Step(loss, () =>
            {
                Loss();
                throw new InvalidOperationException("in the closure");
            })).Should().Throw<InvalidOperationException>().WithMessage("in the closure");
        }
    }

    [Fact]
    public void A_layer_that_throws_and_the_summary_after_it()
    {
        using var model = Networks.Linear();
        using var good = randn(2, 4);
        using var bad = randn(2, 5);
        using var quantized = QuantizedModel.Attach(
            model, good, new QuantizationOptions { Activations = new PactOptions { ClippingValue = 1 } });
        Throw();
        Throw();

        LiveTensors.LeftBy(Throw).Should().Be(0);

        void Throw()
        {
            model.Invoking(m => m.call(bad)).Should().Throw<Exception>();
            quantized.Summary();
        }
    }

    [Fact]
    public void Attaching_a_step_an_evaluation_and_detaching()
    {
        Cycle();

        LiveTensors.LeftBy(Cycle).Should().Be(0);

        void Cycle()
        {
            using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions { WeightSharing = WidthSharing.Layer });
            using var weights = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);
            Step(weights, new BitWidthOptimizer(quantized, Schedules.Economical));
            Evaluate();
            quantized.Detach();
            _model.zero_grad();
        }
    }

    [Fact]
    public void An_evaluation_by_hand_and_by_the_trainer()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var trainer = new AdaQatTrainer(quantized, weights, TrainerRun.CrossEntropy);
        Evaluate();

        LiveTensors.LeftBy(Evaluate).Should().Be(0);
        LiveTensors.LeftBy(() => trainer.Evaluate(new Batches(10, 4))).Should().Be(0);
    }

    /// <summary>
    /// Throws while the second layer has its quantized weight and input: in the step's forward, in its first probe, in its second.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_step_in_the_middle_of_whose_forward_or_probes_a_layer_throws(int forward)
    {
        var fault = ThrowingHook("conv2");
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        InterruptedAndWhole();

        LiveTensors.LeftBy(InterruptedAndWhole).Should().Be(0, "the next step clears away what an interrupted one had to leave");

        void InterruptedAndWhole()
        {
            Interrupted();
            Step(weights, widths);
        }

        void Interrupted()
        {
            fault.In(forward);
            FluentActions.Invoking(() => Step(weights, widths)).Should().Throw<NotFiniteNumberException>();
        }
    }

    [Fact]
    public void An_evaluation_in_the_middle_of_which_a_layer_throws()
    {
        var fault = ThrowingHook("conv2");
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        InterruptedAndWhole();

        LiveTensors.LeftBy(InterruptedAndWhole).Should().Be(0);

        void InterruptedAndWhole()
        {
            Interrupted();
            Evaluate();
        }

        void Interrupted()
        {
            fault.In(1);
            FluentActions.Invoking(Evaluate).Should().Throw<NotFiniteNumberException>();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Detaching_after_a_layer_threw(bool inTraining)
    {
        var fault = ThrowingHook("conv2");
        Cycle();

        LiveTensors.LeftBy(Cycle).Should().Be(0);

        void Cycle()
        {
            using var scope = NewDisposeScope();
            using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
            fault.In(1);
            FluentActions.Invoking(inTraining ? () => Loss() : Evaluate).Should().Throw<NotFiniteNumberException>();
        }
    }

    [Fact]
    public void A_probe_whose_loss_is_not_a_number()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        Refused();

        LiveTensors.LeftBy(Refused).Should().Be(0);

        void Refused()
        {
            using var scope = NewDisposeScope();
            var loss = Loss();
            widths.Invoking(w => w.Step(loss, () => Loss() * double.NaN)).Should().Throw<NonFiniteLossException>();
        }
    }

    [Fact]
    public void An_attachment_whose_scheme_throws_after_some_quantizers()
    {
        Refused();

        LiveTensors.LeftBy(Refused).Should().Be(0);

        void Refused() =>
            FluentActions.Invoking(() => QuantizedModel.Attach(_model, _input, new QuantizationOptions { Weights = new ThrowingOptions() }))
            .Should().Throw<NotFiniteNumberException>();
    }

    [Fact]
    public void A_summary_a_baked_model_and_quantized_weights()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());

        LiveTensors.LeftBy(() => quantized.Summary().ToString()).Should().Be(0);
        LiveTensors.LeftBy(() => quantized.Layers[1].QuantizedWeight().Dispose()).Should().Be(0);
        LiveTensors.LeftBy(quantized.Bake).Should().Be(0);
        LiveTensors.LeftBy(() => quantized.Layers[1].QuantizedWeight().Dispose()).Should().Be(0);
    }

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
        _target.Dispose();
    }

    private void Step(optim.Optimizer weights, BitWidthOptimizer widths)
    {
        using var scope = NewDisposeScope();
        weights.zero_grad();
        var loss = Loss();
        loss.backward();
        widths.Step(loss, Loss);
        weights.step();
    }

    private void Evaluate()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        _model.eval();
        try
        {
            Loss();
        }
        finally
        {
            _model.train();
        }
    }

    /// <summary>Registered before attaching, so that it runs before the quantizers' own hook behind the layer does.</summary>
    private Fault ThrowingHook(string layer)
    {
        var fault = new Fault();
        ((nn.Module<Tensor, Tensor>)_model.named_modules().Single(m => m.name == layer).module).register_forward_hook(
            (_, _, output) => fault.Pass(output));
        return fault;
    }

    private Tensor Loss() => nn.functional.cross_entropy(_model.call(_input), _target);

    /// <summary>Throws in the n-th forward from when it is told to.</summary>
    private sealed class Fault
    {
        private int _forwards;

        public void In(int forwards) => _forwards = forwards;

        public Tensor Pass(Tensor output) => _forwards > 0 && --_forwards == 0 ? throw new NotFiniteNumberException() : output;
    }

    /// <summary>Makes quantizers for the first two layers and throws at the third.</summary>
    private sealed record ThrowingOptions : QuantizerOptions
    {
        private int _made;

        public override void Validate()
        {
        }

        protected internal override Quantizer Create(QuantizerRequest request) =>
            ++_made == 3 ? throw new NotFiniteNumberException() : new DoReFaQuantizer(request.Width);
    }
}
