using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>Quantizers follow their layer to another type or device.</summary>
public sealed class MovingTests
{
    [Fact]
    public void A_model_moved_to_double_precision_trains_there()
    {
        using var model = Networks.Convolutional();
        var (input, target) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        model.call(input).Dispose();

        model.to(ScalarType.Float64);
        using var wide = input.to(ScalarType.Float64);
        using var loss = nn.functional.cross_entropy(model.call(wide), target);
        loss.backward();

        loss.dtype.Should().Be(ScalarType.Float64);
        quantized.Parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64 && !p.grad!.IsInvalid);
    }

    [Fact]
    public void A_model_moved_before_its_first_forward_calibrates_there()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());

        model.to(ScalarType.Float64);
        using var output = model.call(input.to(ScalarType.Float64));

        quantized.QuantizerParameters().Should().OnlyContain(p => double.IsFinite(p.item<double>()));
    }

    [Fact]
    public void A_move_within_a_scope_outlives_the_scope()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        using var wide = input.to(ScalarType.Float64);
        model.to(ScalarType.Float64);
        using (NewDisposeScope())
        {
            model.call(wide);
        }

        using var output = model.call(wide);

        output.dtype.Should().Be(ScalarType.Float64);
    }

    [Fact]
    public void The_layers_weight_is_the_moved_one_and_the_one_that_trains()
    {
        using var model = Networks.Linear();
        var (input, _) = Networks.Rows(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        model.to(ScalarType.Float64);
        using var wide = input.to(ScalarType.Float64);
        using var loss = model.call(wide).sum();
        loss.backward();

        var layer = (Linear)model.named_modules().First(m => m.name == "fc2").module;

        layer.weight.Should().BeSameAs(model.get_parameter("fc2.weight"));
        layer.weight!.grad!.dtype.Should().Be(ScalarType.Float64);
    }
}
