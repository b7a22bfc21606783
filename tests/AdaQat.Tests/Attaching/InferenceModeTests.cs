using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Validation under <c>inference_mode()</c>, whose tensors no later backward pass may save.</summary>
public sealed class InferenceModeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_goes_on_after_a_validation_in_inference_mode(bool trainedBefore)
    {
        using var model = nn.Sequential(("a", nn.Linear(64, 64)), ("b", nn.Linear(64, 1)));
        using var input = rand(1024, 64);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        using var weights = optim.SGD(quantized.Parameters(), 0.01);
        if (trainedBefore)
        {
            Step();
        }

        using (inference_mode())
        {
            model.eval();
            model.call(input).Dispose();
            quantized.Summary();
            model.train();
        }

        var before = Bits.Of(quantized.ModelParameters()[0]);
        Step();
        Step();

        Bits.Of(quantized.ModelParameters()[0]).Should().NotEqual(before);

        void Step()
        {
            weights.zero_grad();
            using var loss = model.call(input).square().mean();
            loss.backward();
            weights.step();
        }
    }

    [Fact]
    public void Moved_before_a_validation_in_inference_mode_it_trains_on()
    {
        using var model = nn.Sequential(("a", nn.Linear(8, 8)), ("b", nn.Linear(8, 1)));
        using var input = rand(4, 8);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        model.to(ScalarType.Float64);
        using var moved = input.to(ScalarType.Float64);

        using (inference_mode())
        {
            model.call(moved).Dispose();
        }

        using var loss = model.call(moved).square().mean();
        loss.backward();
        quantized.Parameters().Should().NotContain(p => ReferenceEquals(p.grad, null));
    }

    [Fact]
    public void Attached_inside_it_a_model_trains_outside()
    {
        using var model = nn.Sequential(("a", nn.Linear(8, 8)), ("b", nn.Linear(8, 1)));
        using var input = rand(4, 8);
        QuantizedModel quantized;
        using (inference_mode())
        {
            quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
            is_inference_mode_enabled().Should().BeTrue();
        }

        using (quantized)
        {
            using var loss = model.call(input).square().mean();
            loss.backward();
            quantized.Parameters().Should().NotContain(p => ReferenceEquals(p.grad, null));
        }
    }
}
