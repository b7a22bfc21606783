using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>A tensor that several layers read is quantized once, by one quantizer.</summary>
public sealed class SharedInputTests
{
    private readonly RoundingScheme _scheme = new() { FirstLayerBits = null, LastLayerBits = null };

    [Fact]
    public void Two_readers_of_one_tensor_share_one_quantizer_and_one_quantization()
    {
        var (a, b) = (nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(x => a.call(x) + b.call(x), ("a", a), ("b", b));
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);

        model.call(input).Dispose();
        model.call(input).Dispose();

        _scheme.Made.Keys.Should().Equal("a");
        _scheme.Made["a"].Calls.Should().Be(2);
        quantized.Layers[1].ActivationQuantizer.Should().BeSameAs(quantized.Layers[0].ActivationQuantizer);
        quantized.Widths.Should().HaveCount(2);
    }

    [Fact]
    public void A_residual_block_shares_its_input_between_convolution_and_shortcut()
    {
        using var model = new ResNet20Cifar.Models.ResNet20(ResNet20Cifar.Models.Shortcut.Projection);
        using var input = randn(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);

        model.call(input).Dispose();

        quantized.Layers.Should().HaveCount(22);
        _scheme.Made.Should().HaveCount(20).And.OnlyContain(q => q.Value.Calls == 1);
    }

    [Fact]
    public void An_input_modified_in_place_between_two_readers_is_quantized_anew()
    {
        var (a, b) = (nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(
            x =>
            {
                using var own = x.clone();
                using var first = a.call(own);
                own.mul_(2);
                return first + b.call(own);
            },
            ("a", a), ("b", b));
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);
        using var guard = no_grad();

        using var output = model.call(input);

        _scheme.Made.Keys.Should().Equal("a", "b");
        using var scope = NewDisposeScope();
        var expected = Layer(quantized, 0, a.bias!, input) + Layer(quantized, 1, b.bias!, input * 2);
        output.allclose(expected, 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Gradients_of_all_readers_add_up()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (nn.Linear(4, 4, hasBias: false), nn.Linear(4, 4, hasBias: false));
        using var model = new Lambda(x => a.call(x) + b.call(x), ("a", a), ("b", b));
        var input = randn(2, 4, requires_grad: true);
        using var quantized = QuantizedModel.Attach(model, input.detach(), _scheme);

        model.call(input).sum().backward();

        var weights = quantized.Layers[0].QuantizedWeight() + quantized.Layers[1].QuantizedWeight();
        input.grad!.allclose(ones(2, 4).matmul(weights), 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Readers_in_dispose_scopes_of_their_own_see_the_same_tensor_alive()
    {
        var (a, b) = (nn.Linear(4, 4), nn.Linear(4, 4));
        Tensor Scoped(TorchSharp.Modules.Linear layer, Tensor x)
        {
            using var scope = NewDisposeScope();
            return layer.call(x).MoveToOuterDisposeScope();
        }

        using var model = new Lambda(x => Scoped(a, x) + Scoped(b, x), ("a", a), ("b", b));
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);

        using var output = model.call(input);

        output.shape.Should().Equal(2, 4);
        _scheme.Made["a"].Calls.Should().Be(1);
    }

    [Fact]
    public void A_forward_without_gradient_does_not_share_its_tensor_with_one_that_has_it()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(
            x =>
            {
                using (no_grad())
                {
                    a.call(x).Dispose();
                }

                return b.call(x);
            },
            ("a", a), ("b", b));
        var input = randn(2, 4, requires_grad: true);
        using var quantized = QuantizedModel.Attach(model, input.detach(), _scheme);

        model.call(input).sum().backward();

        input.grad.Should().NotBeNull();
    }

    [Fact]
    public void A_layer_called_twice_quantizes_each_of_its_inputs()
    {
        var fc = nn.Linear(4, 4);
        using var model = new Lambda(x => fc.call(fc.call(x)), ("fc", fc));
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);
        using var guard = no_grad();

        using var output = model.call(input);

        _scheme.Made["fc"].Calls.Should().Be(2);
        using var scope = NewDisposeScope();
        var expected = Layer(quantized, 0, fc.bias!, Layer(quantized, 0, fc.bias!, input));
        output.allclose(expected, 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Two_layers_may_share_one_weight()
    {
        var (a, b) = (nn.Linear(4, 4), nn.Linear(4, 4));
        b.weight = a.weight;
        using var model = new Lambda(x => b.call(a.call(x).relu_()), ("a", a), ("b", b));
        using var input = randn(2, 4);
        // DoReFa of a weight that is quantized already is another weight: it must not happen twice to the one they share.
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(3),
            FirstLayerBits = null,
            LastLayerBits = null,
        });
        using var before = model.call(input);
        using var loss = before.sum();
        loss.backward();

        quantized.Bake();

        using var after = model.call(input);
        Bits.Of(after).Should().Equal(Bits.Of(before));
        a.weight!.grad.Should().NotBeNull();
        quantized.Detach();
        b.weight.Should().BeSameAs(a.weight);
    }

    [Fact]
    public void A_signed_input_is_seen_as_such_even_where_only_one_reader_would_tell()
    {
        manual_seed(1);
        using var model = Networks.Linear();
        using var input = tensor(new float[] { -1, 2, 3, 4 }).reshape(1, 4);
        using var quantized = QuantizedModel.Attach(model, input, _scheme);

        _scheme.Made["fc1"].IsSigned.Should().BeTrue();
        _scheme.Made["fc2"].IsSigned.Should().BeFalse("a ReLU is before it");
    }

    private static Tensor Layer(QuantizedModel quantized, int layer, Tensor bias, Tensor input)
    {
        var bits = quantized.Layers[layer].ActivationQuantizer.Width.Bits;
        return nn.functional.linear(RoundingScheme.Round(input, bits), quantized.Layers[layer].QuantizedWeight(), bias);
    }
}
