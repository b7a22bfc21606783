using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Rules;

public sealed class WidthSharingTests
{
    [Fact]
    public void By_default_one_pair_of_widths_serves_all_but_the_first_and_last_layer()
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var example = randn(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Widths.Select(w => w.Name).Should().Equal("weights", "activations");
        quantized.Layers.Skip(1).SkipLast(1).Should().OnlyContain(
            l => l.WeightBits == quantized.Widths[0] && l.ActivationBits == quantized.Widths[1]);
        foreach (var layer in new[] { quantized.Layers[0], quantized.Layers[^1] })
        {
            (layer.WeightBits.Bits, layer.ActivationBits.Bits).Should().Be((8, 8));
            (layer.WeightBits.IsLearned, layer.ActivationBits.IsLearned).Should().Be((false, false));
        }
    }

    [Fact]
    public void First_and_last_are_by_the_order_of_calls_not_of_registration()
    {
        var (a, b, c) = (nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(x => a.call(b.call(c.call(x))), ("a", a), ("b", b), ("c", c));
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Layers.Select(l => l.Name).Should().Equal("c", "b", "a");
        quantized.Layers.Select(l => l.Profile.IsLearned).Should().Equal(false, true, false);
    }

    [Fact]
    public void By_layer_each_layer_has_widths_of_its_own()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, Schemes.PerLayer);

        quantized.Widths.Select(w => w.Name).Should().Equal(
            "fc1.weights", "fc1.activations", "fc2.weights", "fc2.activations", "fc3.weights", "fc3.activations");
    }

    [Fact]
    public void Weights_and_activations_may_share_differently()
    {
        using var model = Networks.Linear();
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            WeightSharing = WidthSharing.Layer,
            FirstLayerBits = null,
            LastLayerBits = 4,
        });

        quantized.Widths.Select(w => w.Name).Should().Equal("fc1.weights", "activations", "fc2.weights");
        quantized.Layers[2].WeightBits.Bits.Should().Be(4);
    }

    [Fact]
    public void By_group_layers_whose_names_match_a_pattern_share_a_width_for_weights_and_activations_independently()
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var example = randn(1, 3, 32, 32);
        var names = model.named_modules().Select(m => m.name).ToList();
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            WeightSharing = WidthSharing.Group,
            WeightGroups = ["layer1.*|layer2.*", "*"],
            ActivationSharing = WidthSharing.Group,
            ActivationGroups = ["*.conv1", "*.conv2", "*"],
            FirstLayerBits = null,
        });

        quantized.Widths.Select(w => w.Name).Should().BeEquivalentTo(
            "layer1.*|layer2.*.weights", "*.weights", "*.conv1.activations", "*.conv2.activations", "*.activations");
        quantized.Layers.SkipLast(1).Should().OnlyContain(
            l => l.WeightBits.Name == (l.Name.StartsWith("layer1.") || l.Name.StartsWith("layer2.")
                ? "layer1.*|layer2.*.weights" : "*.weights"));
        quantized.Layers.SkipLast(1).Where(l => l.Name.EndsWith(".conv2")).Should().NotBeEmpty().And.OnlyContain(
            l => l.ActivationBits.Name == "*.conv2.activations");
    }
}
