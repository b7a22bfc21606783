using AdaQat.Costs;
using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

/// <summary>
/// The published accounting: first and last layer at 8/8, MACs for one image, weights alone in the compression.
/// </summary>
public sealed class AccountingTests
{
    [Theory]
    [InlineData(4, 4, 0.670)]
    [InlineData(3, 4, 0.510)]
    [InlineData(2, 2, 0.189)]
    public void The_bit_operations_of_ResNet20(int weights, int activations, double billions)
    {
        using var model = new ResNet20();
        using var example = rand(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, example, At(weights, activations));

        Rounded(new BitOpsCost().Total(quantized.Profiles) / 1e9, 3).Should().Be(billions);
        quantized.Summary().BitOps.Should().Be(new BitOpsCost().Total(quantized.Profiles));
    }

    [Theory]
    [InlineData(3, 10.60)]
    [InlineData(2, 15.81)]
    public void The_weight_compression_of_ResNet20(int weights, double times)
    {
        using var model = new ResNet20();
        using var example = rand(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, example, At(weights, 8));

        Rounded(quantized.Summary().WeightCompression, 2).Should().Be(times);
    }

    [Fact]
    public void The_multiplications_of_ResNet20()
    {
        using var model = new ResNet20();
        using var example = rand(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Layers.Should().HaveCount(20);
        Rounded(quantized.Summary().Macs / 1e6, 2).Should().Be(40.55);
    }

    [Fact]
    public void ResNet18_at_224()
    {
        using var model = new ResNet18();
        using var example = rand(1, 3, 224, 224);

        var four = Summary(At(4, 4));
        var three = Summary(At(3, 3));
        var two = Summary(At(2, 2));

        four.Layers.Should().HaveCount(21);
        Rounded(four.Macs / 1e9, 4).Should().Be(1.8141);
        Rounded(four.BitOps / 1e9, 2).Should().Be(34.71);
        Rounded(three.BitOps / 1e9, 2).Should().Be(22.85);
        Rounded(two.WeightCompression, 2).Should().Be(14.11);

        ModelSummary Summary(QuantizationOptions options)
        {
            using var quantized = QuantizedModel.Attach(model, example, options);
            return quantized.Summary();
        }
    }

    private static double Rounded(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);

    private static QuantizationOptions At(int weights, int activations) => new()
    {
        WeightBits = BitWidthChoice.Fixed(weights),
        ActivationBits = BitWidthChoice.Fixed(activations),
    };
}
