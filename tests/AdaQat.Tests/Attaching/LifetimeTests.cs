using AdaQat.Quantizers;
using AdaQat.Tests.Models;
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
        var widths = new BitWidthOptimizer(quantized, BitWidthOptimizerOptions.EveryStep with { WarningInterval = 1 });
        using var weights = optim.SGD(quantized.Parameters(), 0.1, momentum: 0.9);
        Step();

        LiveTensors.LeftBy(() =>
        {
            Step();
            Step();
        }).Should().Be(0);

        void Step()
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = Loss();
            loss.backward();
            widths.Step(loss, Loss);
            weights.step();
        }
    }

    [Fact]
    public void A_step_of_the_widths_alone_outside_any_scope()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, BitWidthOptimizerOptions.EveryStep with { WarningInterval = 1 });
        using var loss = Loss();
        widths.Step(loss, Loss);

        LiveTensors.LeftBy(() => widths.Step(loss, Loss)).Should().Be(0);
    }

    [Fact]
    public void A_probe_that_throws()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, BitWidthOptimizerOptions.EveryStep);
        using var loss = Loss();
        Throw();

        LiveTensors.LeftBy(Throw).Should().Be(0);

        void Throw() => widths.Invoking(w => w.Step(loss, () =>
        {
            Loss();
            throw new InvalidOperationException();
        })).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_layer_that_throws_and_the_summary_after_it()
    {
        using var model = Networks.Linear();
        using var good = randn(2, 4);
        using var bad = randn(2, 5);
        using var quantized = QuantizedModel.Attach(model, good, new QuantizationOptions { Activations = new PactOptions { ClippingValue = 1 } });
        Throw();

        LiveTensors.LeftBy(Throw).Should().Be(0);

        void Throw()
        {
            model.Invoking(m => m.call(bad)).Should().Throw<Exception>();
            quantized.Summary();
        }
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

    private Tensor Loss() => nn.functional.cross_entropy(_model.call(_input), _target);
}
