using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>A layer that throws runs no post-hook; whatever comes next puts its latent weight back.</summary>
public sealed class ThrowingForwardTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Linear();
    private readonly Tensor _good = randn(3, 4);
    private readonly Tensor _bad = randn(3, 5);
    private readonly byte[] _latent;

    public ThrowingForwardTests() => _latent = Bits.Of(_model.get_parameter("fc1.weight")!);

    [Fact]
    public void The_state_shows_the_latent_weight_at_once()
    {
        using var quantized = AttachAndThrow();

        Bits.Of(_model.state_dict()["fc1.weight"]).Should().Equal(_latent);
    }

    [Fact]
    public void The_next_forward_is_as_if_nothing_had_happened()
    {
        using var quantized = AttachAndThrow();
        using var again = _model.call(_good);

        quantized.Detach();
        using var fresh = QuantizedModel.Attach(_model, _good, Options);
        using var expected = _model.call(_good);
        Bits.Of(again).Should().Equal(Bits.Of(expected));
    }

    [Fact]
    public void Detaching_leaves_the_float_model()
    {
        using var before = _model.call(_good);
        using var quantized = AttachAndThrow();

        quantized.Detach();

        using var after = _model.call(_good);
        Bits.Of(after).Should().Equal(Bits.Of(before));
    }

    [Fact]
    public void A_summary_puts_the_weight_back() => PutsBack(quantized => quantized.Summary());

    [Fact]
    public void Asking_for_parameters_puts_the_weight_back() => PutsBack(quantized => quantized.Parameters());

    [Fact]
    public void Asking_for_a_quantized_weight_puts_the_weight_back() =>
        PutsBack(quantized => quantized.Layers[0].QuantizedWeight().Dispose());

    [Fact]
    public void Baking_writes_the_quantized_weight_of_the_latent_one()
    {
        using var quantized = AttachAndThrow();
        using var expected = quantized.Layers[0].QuantizedWeight();

        Throw();
        quantized.Bake();

        Bits.Of(_model.get_parameter("fc1.weight")!).Should().Equal(Bits.Of(expected));
    }

    [Fact]
    public void A_weight_quantized_within_a_scope_that_has_ended_is_put_back_all_the_same()
    {
        using var quantized = QuantizedModel.Attach(_model, _good, Options);
        using (NewDisposeScope())
        {
            Throw();
        }

        using var output = _model.call(_good);
        output.shape.Should().Equal(3, 3);
    }

    public void Dispose()
    {
        _model.Dispose();
        _good.Dispose();
        _bad.Dispose();
    }

    private static QuantizationOptions Options { get; } = new() { Activations = new PactOptions { ClippingValue = 2 } };

    private QuantizedModel AttachAndThrow()
    {
        var quantized = QuantizedModel.Attach(_model, _good, Options);
        Throw();
        return quantized;
    }

    private void Throw() => _model.Invoking(m => m.call(_bad)).Should().Throw<Exception>();

    /// <summary>The layer's own weight property reads the field that held the quantized weight.</summary>
    private void PutsBack(Action<QuantizedModel> action)
    {
        using var quantized = AttachAndThrow();
        var layer = (TorchSharp.Modules.Linear)_model.named_modules().First(m => m.name == "fc1").module;
        Bits.Of(layer.weight!).Should().NotEqual(_latent, "nothing has put it back yet");

        action(quantized);

        Bits.Of(layer.weight!).Should().Equal(_latent);
    }
}
