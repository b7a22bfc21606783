using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

/// <summary>A weight that several layers share is quantized in one way.</summary>
public sealed class SharedWeightTests : IDisposable
{
    private static readonly QuantizationOptions PerLayer =
        new() { WeightSharing = WidthSharing.Layer, FirstLayerBits = null, LastLayerBits = null };

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Layers_that_share_a_weight_share_its_width_and_its_quantizer()
    {
        using var quantized = QuantizedModel.Attach(new TiedNet(), randn(4, 5), PerLayer);

        var (first, second) = (quantized.Layers.Single(l => l.Name == "first"), quantized.Layers.Single(l => l.Name == "second"));
        second.WeightBits.Should().BeSameAs(first.WeightBits);
        second.WeightQuantizer.Should().BeSameAs(first.WeightQuantizer);
        second.ActivationQuantizer.Should().NotBeSameAs(first.ActivationQuantizer);
        quantized.Widths.Select(w => w.Name).Should().Contain("first.weights").And.NotContain("second.weights");
    }

    [Fact]
    public void A_rule_for_one_of_them_holds_for_both()
    {
        using var quantized = QuantizedModel.Attach(
            new TiedNet(), randn(4, 5), PerLayer with { Rules = [LayerRule.Named("second").Fixed(3)] });

        quantized.Layers.Where(l => l.Name is "first" or "second")
            .Should().OnlyContain(l => l.WeightBits.Bits == 3 && !l.WeightBits.IsLearned);
    }

    [Fact]
    public void Baking_writes_it_once_and_keeps_the_outputs()
    {
        var (model, input) = (new TiedNet(), randn(4, 5));
        using var quantized = QuantizedModel.Attach(model, input, PerLayer with { WeightBits = BitWidthChoice.Fixed(3) });
        using var before = model.call(input);

        quantized.Bake();

        Bits.Of(model.call(input)).Should().Equal(Bits.Of(before));
    }

    [Fact]
    public void A_weight_tied_to_an_embedding_trains_and_is_not_baked()
    {
        var (model, tokens) = (new TiedLanguageModel(), randint(0, 9, [4, 3], dtype: ScalarType.Int64));
        using var quantized = QuantizedModel.Attach(model, tokens, new QuantizationOptions());
        using var loss = model.call(tokens).square().mean();
        loss.backward();
        var state = Bits.OfState(model);

        quantized.Invoking(q => q.Bake()).Should().Throw<InvalidOperationException>()
            .WithMessage("Layer 'head' shares its weight with 'table', which stays in float*");

        Bits.OfState(model).ShouldEqual(state);
        quantized.IsBaked.Should().BeFalse();
    }

    [Fact]
    public void Layers_that_share_memory_in_different_views_are_not_baked()
    {
        var first = nn.Linear(4, 4, hasBias: false);
        var second = nn.Linear(new TorchSharp.Modules.Parameter(first.weight!.detach().t()));
        var model = new Lambda(x => second.call(first.call(x)), ("first", first), ("second", second));
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions());

        quantized.Layers[0].WeightQuantizer.Should().NotBeSameAs(quantized.Layers[1].WeightQuantizer);
        quantized.Invoking(q => q.Bake()).Should().Throw<InvalidOperationException>().WithMessage("Layer '*' shares its weight with '*'*");
    }

    public void Dispose() => _scope.Dispose();
}
