using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

/// <summary>The most memory that activations take at once, against sums made by hand.</summary>
public sealed class PeakActivationCostTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    /// <summary>
    /// 3×8×8 come in; conv1 makes 6×8×8, conv2 8×4×4, and fc 10. The image and its quantized copy are the most where widths are small.
    /// </summary>
    [Theory]
    [InlineData(2, 192 * (32 + 2))]
    [InlineData(8, 192 * (32 + 8))]
    [InlineData(16, (192 * 16) + (384 * 16))]
    public void Of_a_chain_it_is_the_largest_of_what_a_layer_reads_and_makes(int bits, int expected)
    {
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), Fixed(bits));

        quantized.Cost(quantized.PeakActivations).Should().Be(expected);
        quantized.Summary().PeakActivationBytes.Should().Be(expected / 8.0);
        quantized.Summary().FloatPeakActivationBytes.Should().Be((192 + 384) * 4);
    }

    /// <summary>A sum has its two operands and itself in memory, all of them in float.</summary>
    [Fact]
    public void Of_a_residual_network_the_sums_count_most()
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var quantized = QuantizedModel.Attach(model, randn(1, 3, 32, 32), Fixed(4));

        const int image = 16 * 32 * 32;
        quantized.Summary().FloatPeakActivationBytes.Should().Be(3 * image * 4);
        quantized.Cost(quantized.PeakActivations).Should().Be(3 * image * 32);
        quantized.Summary().ToString().Should().Contain("activations 192.0 KiB at most at once, in 'layer1.0.add' (192.0 KiB as float32)");
    }

    /// <summary>A sum whose operands are quantized has both of them and itself, the next sum's operand, in memory, at their bits.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    public void Quantized_operands_of_sums_count_their_bits(int bits)
    {
        using var model = new ResNet20Cifar.Models.ResNet20();
        using var quantized = QuantizedModel.Attach(
            model, randn(1, 3, 32, 32), Fixed(4) with { Joins = JoinHandling.Quantized, JoinBits = bits });

        const int image = 16 * 32 * 32;
        quantized.Cost(quantized.PeakActivations).Should().Be(3 * image * bits);
        quantized.Summary().FloatPeakActivationBytes.Should().Be(3 * image * 4);
    }

    /// <summary>The second layer reads 64 numbers and makes 64.</summary>
    [Fact]
    public void Its_derivative_is_that_of_the_loss_in_the_fullest_step()
    {
        using var model = nn.Sequential(("a", nn.Linear(4, 64)), ("b", nn.Linear(64, 64)), ("c", nn.Linear(64, 4)));
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), Schemes.PerLayer);
        var layers = LayerBits.InForce(quantized.Profiles);
        var cost = quantized.PeakActivations;

        cost.Total(layers).Should().Be((64 * 8) + (64 * 8));
        cost.Loss(layers).Should().Be(8);
        quantized.Layers.Select(l => cost.Derivative(layers, l.ActivationBits)).Should().Equal(0, 0.5, 0.5);
        quantized.Layers.Select(l => cost.Derivative(layers, l.WeightBits)).Should().Equal(0, 0, 0);
        foreach (var width in quantized.Widths)
        {
            var fewer = layers.Select(l => l.Layer.ActivationBits == width ? l with { ActivationBits = l.ActivationBits - 1 } : l).ToList();
            cost.Derivative(layers, width).Should().Be(cost.Loss(layers) - cost.Loss(fewer), width.Name);
        }
    }

    [Fact]
    public void Where_the_graph_can_not_be_captured_the_summary_and_the_cost_say_why()
    {
        using var subject = Zoo.Create(nameof(LstmClassifier));
        using var quantized = subject.Attach(new QuantizationOptions());

        quantized.Summary().PeakActivationBytes.Should().BeNull();
        quantized.Summary().ToString().Should().Contain(
            "activations: how much at most at once is not known: Module 'lstm': aten::lstm can't be captured: a graph has no such "
            + "operator.");
        quantized.Invoking(q => q.PeakActivations).Should().Throw<CaptureException>().WithMessage("*aten::lstm can't be captured*");
    }

    public void Dispose() => _scope.Dispose();

    private static QuantizationOptions Fixed(int bits) => new()
    {
        WeightBits = BitWidthChoice.Fixed(8),
        ActivationBits = BitWidthChoice.Fixed(bits),
        FirstLayerBits = null,
        LastLayerBits = null,
    };
}
