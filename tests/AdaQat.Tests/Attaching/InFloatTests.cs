using AdaQat.Probing;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>An attached model computes in float for as long as it is asked to, as if it were not attached.</summary>
public sealed class InFloatTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional(dropout: 0);
    private readonly Tensor _input;
    private readonly Tensor _target;

    public InFloatTests() => (_input, _target) = Networks.Images(4);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Within_it_the_model_computes_to_the_bit_what_it_did_before_attaching()
    {
        _model.eval();
        var before = Bits.Of(_model.call(_input));
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        quantized.IsQuantizing.Should().BeTrue();
        var attached = Bits.Of(_model.call(_input));

        using (quantized.InFloat())
        {
            quantized.IsQuantizing.Should().BeFalse();
            Bits.Of(_model.call(_input)).Should().Equal(before);
        }

        Bits.Of(_model.call(_input)).Should().Equal(attached).And.NotEqual(before);
    }

    [Fact]
    public void It_may_be_nested_and_ended_twice()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var outer = quantized.InFloat();
        quantized.InFloat().Dispose();
        quantized.IsQuantizing.Should().BeFalse();

        outer.Dispose();
        outer.Dispose();

        quantized.IsQuantizing.Should().BeTrue();
    }

    [Fact]
    public void Ranges_begin_with_the_first_quantized_training_batch()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using (quantized.InFloat())
        {
            Loss(_input * 50).backward();
        }

        Alpha(quantized).Should().Be(double.NaN);
        Loss(_input).backward();
        var started = Alpha(quantized);

        quantized.Detach();
        using var fresh = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        Loss(_input).backward();
        started.Should().Be(Alpha(fresh)).And.BeInRange(0.1, 10);
    }

    [Fact]
    public void Gradients_are_those_of_the_float_model_and_reach_no_quantizer()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using (quantized.InFloat())
        {
            Loss(_input).backward();
        }

        quantized.QuantizerParameters().Should().OnlyContain(p => ReferenceEquals(p.grad, null));
        var gradients = quantized.ModelParameters().Select(p => Bits.Of(p.grad!)).ToList();
        quantized.Detach();
        _model.zero_grad();
        Loss(_input).backward();
        gradients.Should().BeEquivalentTo(_model.parameters().Select(p => Bits.Of(p.grad!)), o => o.WithStrictOrdering());
    }

    [Fact]
    public void A_step_of_the_widths_within_it_does_nothing_and_does_not_count()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using (quantized.InFloat())
        {
            var loss = Loss(_input);
            loss.backward();

            var step = widths.Step(loss, () => throw new InvalidOperationException("nothing is probed"));

            step.Probes.Should().BeEmpty();
            step.Loss.Should().Be(loss.item<float>());
        }

        widths.Steps.Should().Be(0);
        Step(widths).Probes.Should().HaveCount(2);
        quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_loop_that_leaves_the_step_out_within_it_is_not_warned()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.1);
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using (quantized.InFloat())
        {
            for (var i = 0; i < 3; i++)
            {
                weights.zero_grad();
                Loss(_input).backward();
                weights.step();
            }
        }

        Step(widths);

        quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_step_with_the_loss_of_a_forward_in_float_is_refused()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        Tensor loss;
        using (quantized.InFloat())
        {
            loss = Loss(_input);
        }

        widths.Invoking(w => w.Step(loss, () => Loss(_input))).Should().Throw<InvalidOperationException>()
            .WithMessage("*of a forward in float*InFloat()*");
    }

    [Fact]
    public void A_comparison_in_float_beside_a_step_changes_nothing_of_it()
    {
        var (plain, compared) = (Probed(compares: false), Probed(compares: true));

        compared.Should().BeEquivalentTo(plain);

        List<double> Probed(bool compares)
        {
            manual_seed(4);
            using var model = Networks.Convolutional();
            using var quantized = QuantizedModel.Attach(model, _input, new QuantizationOptions());
            var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
            var loss = nn.functional.cross_entropy(model.call(_input), _target);
            loss.backward();
            if (compares)
            {
                using var guard = no_grad();
                using var inFloat = quantized.InFloat();
                model.eval();
                model.call(_input);
                model.train();
            }

            return widths.Step(loss, () => nn.functional.cross_entropy(model.call(_input), _target)).Probes
                .Select(p => p.NeighbourLoss).ToList();
        }
    }

    [Fact]
    public void Calibration_within_it_starts_the_ranges()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());

        using (quantized.InFloat())
        {
            quantized.Calibrate([_input]);
        }

        Alpha(quantized).Should().BeGreaterThan(0);
    }

    [Fact]
    public void A_detached_model_refuses_it_and_one_that_is_detached_within_it_is_as_it_was()
    {
        var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        using (quantized.InFloat())
        {
            quantized.Detach();
        }

        quantized.IsQuantizing.Should().BeFalse();
        quantized.Invoking(q => q.InFloat()).Should().Throw<InvalidOperationException>().WithMessage("*detached*");
        quantized.Dispose();
    }

    private static double Alpha(QuantizedModel quantized) =>
        ((PactQuantizer)quantized.Layers[1].ActivationQuantizer).ClippingValue.item<float>();

    private BitWidthStep Step(BitWidthOptimizer widths)
    {
        var loss = Loss(_input);
        loss.backward();
        return widths.Step(loss, () => Loss(_input));
    }

    private Tensor Loss(Tensor input) => nn.functional.cross_entropy(_model.call(input), _target);
}
