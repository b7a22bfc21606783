using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

public sealed class BakingTests
{
    private static readonly QuantizationOptions Options =
        new() { WeightBits = BitWidthChoice.Fixed(3), ActivationBits = BitWidthChoice.Fixed(4) };

    [Fact]
    public void A_baked_model_computes_the_same_to_the_bit()
    {
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        model.eval();
        using var before = model.call(input);

        quantized.Bake();

        quantized.IsBaked.Should().BeTrue();
        using var after = model.call(input);
        Bits.Of(after).Should().Equal(Bits.Of(before));
    }

    [Fact]
    public void The_weights_are_the_quantized_ones()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        var expected = quantized.Layers.Select(l => Bits.Of(l.QuantizedWeight())).ToList();

        quantized.Bake();

        Bits.Of(model.get_parameter("fc1.weight")!).Should().Equal(expected[0]);
        Bits.Of(model.get_parameter("fc2.weight")!).Should().Equal(expected[1]);
        Bits.Of(quantized.Layers[1].QuantizedWeight()).Should().Equal(expected[1], "a baked weight is not quantized a second time");
    }

    [Fact]
    public void A_detached_baked_model_keeps_its_quantized_weights_and_computes_with_float_inputs()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        var expected = Bits.Of(quantized.Layers[1].QuantizedWeight());
        quantized.Bake();

        quantized.Detach();

        Bits.Of(model.get_parameter("fc2.weight")!).Should().Equal(expected);
        using var output = model.call(input);
        output.shape.Should().Equal(2, 3);
    }

    [Fact]
    public void Training_goes_on_with_the_weights_as_they_are()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(8);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        quantized.Bake();
        using var optimizer = optim.SGD(quantized.ModelParameters(), 0.1);
        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        optimizer.step();

        using var weight = quantized.Layers[1].QuantizedWeight();

        Bits.Of(weight).Should().Equal(Bits.Of(model.get_parameter("fc2.weight")!));
        weight.data<float>().Distinct().Count().Should().BeGreaterThan(8, "nothing quantizes it any more");
    }

    [Fact]
    public void Baking_twice_is_refused()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        quantized.Bake();

        quantized.Invoking(q => q.Bake()).Should().Throw<InvalidOperationException>().WithMessage("*Bake() was called before*");
    }
}
