using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>What a family does not have is refused when a model is attached, by name and with what to write instead.</summary>
public sealed class LevelRefusalTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Linear();
    private readonly Tensor _input = rand(2, 4);

    [Fact]
    public void Binary_weights_of_a_learned_width()
    {
        Attaching(new QuantizationOptions { Weights = new BinaryOptions(), FirstLayerBits = 1, LastLayerBits = 1 })
            .Should().Throw<ArgumentException>().WithMessage(
                "BinaryOptions has 1 bit, and the weight of layer 'fc2' was given 2, 3, 4, 5, 6, 7, 8 bits to learn from: choose "
                + "BitWidthChoice.Fixed(1) for it.");
    }

    [Fact]
    public void Binary_and_ternary_weights_in_a_first_layer_of_8_bits()
    {
        Attaching(new QuantizationOptions { Weights = new BinaryOptions(), WeightBits = BitWidthChoice.Fixed(1) })
            .Should().Throw<ArgumentException>().WithMessage(
                "BinaryOptions has 1 bit, and the weight of layer 'fc1' was given 8 bits: *FirstLayerBits*"
                + "LayerRule.First.Fixed(8).With(weights: new DoReFaOptions()).");
        Attaching(new QuantizationOptions { Weights = new TernaryOptions(), WeightBits = BitWidthChoice.Fixed(2) })
            .Should().Throw<ArgumentException>().WithMessage("TernaryOptions has 2 bits, and the weight of layer 'fc1' was given 8 bits*");
    }

    [Fact]
    public void What_the_message_says_to_write_attaches()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions
        {
            Weights = new BinaryOptions(),
            WeightBits = BitWidthChoice.Fixed(1),
            Rules =
            [
                LayerRule.First.Fixed(8).With(weights: new DoReFaOptions()),
                LayerRule.Last.Fixed(8).With(weights: new DoReFaOptions()),
            ],
        });

        quantized.Layers.Select(l => (l.WeightQuantizer.GetType().Name, l.WeightBits.Bits)).Should().Equal(
            (nameof(DoReFaQuantizer), 8), (nameof(BinaryQuantizer), 1), (nameof(DoReFaQuantizer), 8));
        quantized.Summary().ToString().Should().Contain("fc2");
    }

    [Fact]
    public void Widths_beyond_a_familys()
    {
        var wide = BitWidthChoice.Learned(8, 2, 9);
        Attaching(new QuantizationOptions { Weights = new CodebookOptions(), WeightBits = wide }).Should().Throw<ArgumentException>()
            .WithMessage("CodebookOptions has 1 to 8 bits*choose BitWidthChoice.Learned(minimum: 1, maximum: 8) for it*");
        Attaching(new QuantizationOptions { Weights = new AdditivePowerOfTwoOptions(), WeightBits = wide })
            .Should().Throw<ArgumentException>();
        Attaching(new QuantizationOptions { Activations = new PowerOfTwoOptions(), ActivationBits = BitWidthChoice.Learned(8, 1, 8) })
            .Should().Throw<ArgumentException>()
            .WithMessage("PowerOfTwoOptions has 2 to 8 bits, and the input of layer 'fc2' was given 1, 2*");
        FluentActions.Invoking(() => new BinaryQuantizer(BitWidth.Fixed("w", 4))).Should().Throw<ArgumentException>()
            .WithMessage("BinaryQuantizer has 1 bit, and 'w' allows 4 bits*");
        FluentActions.Invoking(() => new TernaryQuantizer(BitWidth.Learned("w"))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Families_of_weights_for_inputs()
    {
        foreach (var options in new QuantizerOptions[] { new BinaryOptions(), new TernaryOptions(), new CodebookOptions() })
        {
            Attaching(new QuantizationOptions { Activations = options }).Should().Throw<ArgumentException>().WithMessage(
                $"{options.GetType().Name} is for weights, and was chosen for the input of layer 'fc1'; PactOptions is for inputs.");
        }
    }

    [Fact]
    public void A_granularity_that_a_weight_does_not_divide_into()
    {
        Attaching(new QuantizationOptions
        {
            Weights = new BinaryOptions { Granularity = Granularity.PerGroup(3) },
            WeightBits = BitWidthChoice.Fixed(1),
            FirstLayerBits = 1,
            LastLayerBits = 1,
        }).Should().Throw<ArgumentException>().WithMessage("*does not divide into groups of 3*");
    }

    [Fact]
    public void Options_outside_what_is_allowed()
    {
        Refused(new TernaryOptions { Threshold = 1 }, "Threshold is 1; allowed are numbers above 0, below 1.*");
        Refused(new TernaryOptions { Scale = (TernaryScale)7 }, "Scale is 7; allowed are Mean, Learned.*");
        Refused(
            new TernaryOptions { Scale = TernaryScale.Learned, Granularity = Granularity.PerChannel() },
            "Granularity is per channel (axis 0); learned scales are of the whole tensor*");
        Refused(new BinaryOptions { Gradient = (BinaryGradient)7 }, "Gradient is 7; allowed are StraightThrough, ProductRule.*");
        Refused(new PowerOfTwoOptions { LargestExponent = 101 }, "LargestExponent is 101; allowed are −100 to 100, and null.*");
        Refused(new PowerOfTwoOptions { Percentile = 0 }, "Percentile is 0; allowed are numbers above 0, up to 1.*");
        Refused(new PowerOfTwoOptions { Range = (PowerOfTwoRange)7 }, "Range is 7; allowed are FromData, Learned.*");
        Refused(
            new AdditivePowerOfTwoOptions { ClippingValue = -1 }, "ClippingValue is -1; allowed are finite numbers above 0, and null.*");
        Refused(new AdditivePowerOfTwoOptions { Percentile = 2 }, "Percentile is 2; allowed are numbers above 0, up to 1.*");
        Refused(
            new AdditivePowerOfTwoOptions { Normalization = (WeightNormalization)7 },
            "Normalization is 7; allowed are Preserve, Standard.*");
        Refused(new CodebookOptions { Iterations = 0 }, "Iterations is 0; allowed are 1 to 1000.*");
        Refused(new CodebookOptions { Kernels = (KernelChoice)7 }, "Kernels is 7; allowed are Fused, Operators.*");
    }

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
    }

    private static void Refused(QuantizerOptions options, string message) =>
        options.Invoking(o => o.Validate()).Should().Throw<ArgumentException>().WithMessage(message);

    private Action Attaching(QuantizationOptions options) => () => QuantizedModel.Attach(_model, _input, options).Dispose();
}
