using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>An attached layer computes with quantized weight and input; gradients reach the latent weight.</summary>
public sealed class ForwardTests
{
    /// <summary>Wide of the grid's steps, so that rounding in another order does not move a value to another code.</summary>
    private static readonly QuantizationOptions ThreeBits = new()
    {
        WeightBits = BitWidthChoice.Fixed(3),
        ActivationBits = BitWidthChoice.Fixed(3),
        FirstLayerBits = null,
        LastLayerBits = null,
        Activations = new PactOptions { ClippingValue = 1.5 },
    };

    [Fact]
    public void A_linear_layer_computes_with_the_formulas_of_both_quantizers()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(20, 10);
        var input = randn(6, 20);
        using var quantized = QuantizedModel.Attach(layer, input, ThreeBits);

        var output = layer.call(input);

        var expected = nn.functional.linear(
            Formula.Activation(input, 1.5, 3, isSigned: true), Formula.Weight(layer.weight!, 3), layer.bias);
        output.allclose(expected, 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void A_convolution_computes_with_the_formulas_of_both_quantizers()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Conv2d(3, 5, 3, stride: 2, padding: 1);
        var input = rand(2, 3, 9, 9) * 2;
        using var quantized = QuantizedModel.Attach(layer, input, ThreeBits);

        var output = layer.call(input);

        var expected = nn.functional.conv2d(
            Formula.Activation(input, 1.5, 3, isSigned: false), Formula.Weight(layer.weight, 3), layer.bias, [2, 2], [1, 1]);
        output.allclose(expected, 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void The_quantized_weight_takes_at_most_as_many_values_as_its_width_allows()
    {
        using var model = Networks.Linear();
        using var example = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(2) });

        using var weight = quantized.Layers[1].QuantizedWeight();

        weight.data<float>().Distinct().Count().Should().BeInRange(2, 4);
        weight.requires_grad.Should().BeFalse();
    }

    [Fact]
    public void Gradients_reach_the_latent_weight_the_bias_and_the_clipping_value()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(20, 10);
        var input = randn(6, 20);
        using var quantized = QuantizedModel.Attach(layer, input, ThreeBits);
        var upstream = randn(6, 10);

        (layer.call(input) * upstream).sum().backward();

        // Straight through the rounding, ŵ is c·t/max|t|; the gradient with respect to ŵ is that of any linear layer.
        var leaf = layer.weight!.detach().requires_grad_();
        var t = leaf.tanh();
        var u = (t / (2 * t.abs().max())) + 0.5;
        var c = (leaf.abs().mean() / ((2 * u) - 1).abs().mean()).detach();
        var seen = upstream.t().matmul(Formula.Activation(input, 1.5, 3, isSigned: true));
        (c * ((2 * u) - 1) * seen).sum().backward();
        layer.weight.grad!.allclose(leaf.grad!, 1e-4, 1e-6).Should().BeTrue();
        layer.bias!.grad!.allclose(upstream.sum(dim: [0]), 1e-5, 1e-6).Should().BeTrue();
        quantized.QuantizerParameters().Should().ContainSingle().Which.grad.Should().NotBeNull();
    }

    [Fact]
    public void A_width_that_changes_is_in_force_at_the_next_call()
    {
        using var layer = nn.Linear(20, 10);
        using var input = randn(6, 20);
        using var quantized = QuantizedModel.Attach(layer, input, ThreeBits with { WeightBits = BitWidthChoice.Learned(8) });
        using var wide = layer.call(input);

        quantized.Widths[0].Descend(6);

        using var narrow = layer.call(input);
        narrow.allclose(wide).Should().BeFalse();
    }

    [Fact]
    public void A_weight_that_takes_no_gradient_stays_without()
    {
        using var model = Networks.Linear();
        using var example = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());
        var weight = (Parameter)model.get_parameter("fc2.weight")!;
        weight.requires_grad_(false);

        using var loss = model.call(example).sum();
        loss.backward();

        weight.grad.Should().BeNull();
        model.get_parameter("fc1.weight")!.grad.Should().NotBeNull();
    }

    [Fact]
    public void Training_attached_lowers_the_loss()
    {
        manual_seed(1);
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(64);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(4) });
        using var optimizer = optim.SGD(quantized.Parameters(), 0.2, momentum: 0.9);

        var losses = Enumerable.Range(0, 60).Select(_ =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        }).ToList();

        losses[^1].Should().BeLessThan(losses[0] * 0.9f);
    }
}
