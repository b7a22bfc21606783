using AdaQat.Costs;
using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Rules;

/// <summary>Rules by name, type, position and predicate; the first that matches applies.</summary>
public sealed class LayerRuleTests
{
    private static readonly BitWidthChoice Four = BitWidthChoice.Fixed(4);

    [Fact]
    public void The_first_rule_that_matches_applies_and_what_it_leaves_open_is_as_the_scheme_says()
    {
        using var quantized = Attach(Networks.Convolutional(),
            LayerRule.Named("conv1").With(weights: Four),
            LayerRule.OfType<Convolution>().Fixed(3),
            LayerRule.Last.Fixed(6));

        Bits(quantized).Should().Equal("conv1 4/learned", "conv2 3/3", "fc 6/6");
        quantized.Layers.Select(l => l.Rule).Should().Equal("conv1", "type Convolution", "last layer");
    }

    [Theory]
    [InlineData("conv?", "conv1 conv2")]
    [InlineData("fc|conv1", "conv1 fc")]
    [InlineData("*", "conv1 conv2 fc")]
    [InlineData("*1", "conv1")]
    [InlineData("c.nv1|fc", "fc")]
    public void Patterns_know_any_characters_one_character_and_alternatives_and_nothing_else(string pattern, string expected)
    {
        using var quantized = Attach(Networks.Convolutional(), LayerRule.Named(pattern).Fixed(5));

        quantized.Layers.Where(l => l.Rule == pattern).Select(l => l.Name).Should().Equal(expected.Split(' '));
    }

    [Fact]
    public void Type_position_and_predicate_choose_layers()
    {
        using var quantized = Attach(Networks.Convolutional(),
            LayerRule.OfType<Linear>().Fixed(7),
            LayerRule.First.Fixed(6),
            LayerRule
                .Where(layer => layer.WeightCount == 8 * 6 * 9 && layer.Position == 1 && !layer.IsLast && layer.Macs == 6912).Fixed(5));

        Bits(quantized).Should().Equal("conv1 6/6", "conv2 5/5", "fc 7/7");
        quantized.Layers[1].Rule.Should().StartWith("layer => layer.WeightCount");
    }

    [Fact]
    public void The_defaults_for_first_and_last_layer_are_ordinary_rules_behind_the_users_own()
    {
        new QuantizationOptions().AllRules.Select(r => r.Name).Should().Equal("first layer", "last layer");
        new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null }.AllRules.Should().BeEmpty();

        using var quantized = Attach(Networks.Convolutional(), LayerRule.Named("conv1").Fixed(3));

        Bits(quantized).Should().Equal("conv1 3/3", "conv2 learned/learned", "fc 8/8");
        quantized.Layers.Select(l => l.Rule).Should().Equal("conv1", null, "last layer");
    }

    [Fact]
    public void A_rule_that_says_nothing_exempts_its_layers_from_those_behind_it()
    {
        using var quantized = Attach(Networks.Convolutional(), LayerRule.First);

        Bits(quantized).Should().Equal("conv1 learned/learned", "conv2 learned/learned", "fc 8/8");
        quantized.Widths.Should().HaveCount(2);
    }

    [Fact]
    public void A_learned_range_of_a_rule_is_a_width_of_its_own()
    {
        using var quantized = Attach(Networks.Convolutional(),
            LayerRule.Named("conv2").With(weights: BitWidthChoice.Learned(6, 4, 7)), LayerRule.First);

        quantized.Widths.Select(w => w.Name).Should().Equal("weights", "activations", "conv2.weights");
        (quantized.Layers[1].WeightBits.Minimum, quantized.Layers[1].WeightBits.Maximum).Should().Be((4, 7));
    }

    [Fact]
    public void A_layer_left_in_float_computes_as_before_and_counts_32_bits()
    {
        using var model = Networks.Convolutional();
        using var example = randn(2, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(
            model, example, new QuantizationOptions { Rules = [LayerRule.Named("conv2").InFloat()] });

        quantized.Layers.Select(l => l.Name).Should().Equal("conv1", "fc");
        quantized.Profiles.Select(c => c.Name).Should().Equal("conv1", "fc", "conv2");
        var row = quantized.Summary().Layers[^1];
        (row.Name, row.Rule, row.Widths, row.WeightBits, row.ActivationBits).Should().Be(("conv2", "conv2", "float: as chosen", 32, 32));
        quantized.Summary().BitOps.Should().Be(((10368 + 1280) * 64) + (6912.0 * 32 * 32));
        new BitOpsCost().Total(quantized.Profiles).Should().Be(quantized.Summary().BitOps);

        var conv = (nn.Module<Tensor, Tensor>)model.named_modules().Single(m => m.name == "conv2").module;
        using var input = randn(2, 6, 8, 8);
        using var before = conv.forward(input);
        using var after = conv.call(input);
        after.bytes.ToArray().Should().Equal(before.bytes.ToArray());
    }

    [Fact]
    public void Weights_alone_may_be_quantized()
    {
        using var model = nn.Linear(6, 4);
        using var example = randn(3, 6);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(3),
            ActivationBits = BitWidthChoice.Unquantized,
            FirstLayerBits = null,
            LastLayerBits = null,
        });

        using var weight = quantized.Layers[0].QuantizedWeight();
        using var expected = nn.functional.linear(example, weight, model.bias);
        using var output = model.call(example);
        output.bytes.ToArray().Should().Equal(expected.bytes.ToArray());
        quantized.Layers[0].ActivationBits.Bits.Should().Be(32);
        quantized.Summary().Layers[0].Widths.Should().Be("fixed/float");
        quantized.QuantizerParameters().Should().BeEmpty();
    }

    [Fact]
    public void A_rule_may_bring_quantizers_of_its_own()
    {
        using var quantized = Attach(
            Networks.Convolutional(), LayerRule.Named("conv2").With(weights: new RoundingOptions(), activations: new RoundingOptions()));

        quantized.Layers.Select(l => l.WeightQuantizer is RoundingWeights).Should().Equal(false, true, false);
        quantized.Layers.Select(l => l.ActivationQuantizer is RoundingActivations).Should().Equal(false, true, false);
    }

    [Fact]
    public void An_input_that_several_layers_read_is_quantized_as_the_first_rule_in_the_list_says()
    {
        var (a, b, c) = (nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4));
        using var model = new Lambda(x =>
        {
            var hidden = a.call(x).relu();
            return b.call(hidden) + c.call(hidden);
        }, ("a", a), ("b", b), ("c", c));

        using var quantized = Attach(model, randn(2, 4), LayerRule.Named("c").With(activations: Four), LayerRule.Named("b").Fixed(5));

        quantized.Layers[1].ActivationQuantizer.Should().BeSameAs(quantized.Layers[2].ActivationQuantizer);
        Bits(quantized).Should().Equal("a 8/8", "b 5/4", "c learned/4");
    }

    private static IEnumerable<string> Bits(QuantizedModel quantized) => quantized.Layers.Select(
        l => $"{l.Name} {Text(l.WeightBits)}/{Text(l.ActivationBits)}");

    private static string Text(BitWidth width) => width.IsLearned ? "learned" : $"{width.Bits}";

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, params LayerRule[] rules) =>
        Attach(model, randn(2, 3, 8, 8), rules);

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, Tensor example, params LayerRule[] rules) =>
        QuantizedModel.Attach(model, example, new QuantizationOptions { Rules = rules });
}
