using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

/// <summary>What moves from and to memory, against sums made by hand.</summary>
public sealed class MemoryTrafficCostTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    /// <summary>
    /// The image of 3·8·8 is read as float32, written at its width, and read; conv1 makes 6·8·8 numbers and conv2 8·4·4, each written and
    /// read at the width of the next layer; fc makes 10 in float. Each of the three weights is read, with a scale.
    /// </summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Of_a_chain_it_is_what_each_layer_reads_and_writes(int bits)
    {
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), Fixed(bits));

        var weights = ((162 + 432 + 1280) * bits / 8.0) + (3 * 4);
        var activations = (192 * 4) + (2 * (192 + 384 + 128) * bits / 8.0) + (10 * 4);
        quantized.Cost(quantized.MemoryTraffic).Should().Be(weights + activations);
    }

    /// <summary>
    /// x + second(first(x)) on 8 features.
    /// </summary>
    [Fact]
    public void What_several_steps_read_is_read_by_each_of_them()
    {
        var (first, second) = (nn.Linear(8, 8), nn.Linear(8, 8));
        using var model = new Lambda(x => second.call(first.call(x)) + x, ("first", first), ("second", second));
        using var quantized = QuantizedModel.Attach(model, randn(2, 8), Fixed(8));

        // The input is read by the quantizer and by the sum; what the quantizer makes is written and read.
        const double input = (2 * 8 * 4) + (2 * 8);
        // What the first makes is quantized as it is made; what the second makes is stored in float, as is the sum.
        const double outputs = (2 * 8) + (2 * 8 * 4) + (8 * 4);
        quantized.Cost(quantized.MemoryTraffic).Should().Be((2 * (64 + 4)) + input + outputs);
    }

    /// <summary>second(first(x)) + third(x) on 8 features.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Quantized_operands_of_sums_move_at_their_bits(int bits)
    {
        var (first, second, third) = (nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8));
        using var model = new Lambda(
            x => second.call(first.call(x)) + third.call(x), ("first", first), ("second", second), ("third", third));
        using var quantized = QuantizedModel.Attach(
            model, randn(2, 8), Fixed(8) with { Joins = JoinHandling.Quantized, JoinBits = bits });

        // The input is read by its quantizer; what that makes is written once and read twice.
        const double input = (8 * 4) + (3 * 8);
        // What the first makes moves twice at 8 bits, both operands twice at theirs; the sum is written in float.
        var others = (2 * 8) + (2 * 2 * 8 * bits / 8.0) + (8 * 4);
        quantized.Cost(quantized.MemoryTraffic).Should().Be((3 * (64 + 4)) + input + others);
        var table = EnergyTable.Horowitz45 with { WeightMemory = 0, ActivationMemory = 3 };
        (quantized.Cost(new EnergyCost(table, quantized.MemoryTraffic)) - quantized.Cost(new EnergyCost(table)))
            .Should().BeApproximately(8 * 3 * (input + others) * 1e-6, 1e-12);
    }

    [Fact]
    public void Where_the_graph_can_not_be_captured_it_says_why()
    {
        using var subject = Zoo.Create(nameof(LstmClassifier));
        using var quantized = subject.Attach(new QuantizationOptions());

        quantized.Invoking(q => q.MemoryTraffic).Should().Throw<CaptureException>().WithMessage("*aten::lstm can't be captured*");
    }

    public void Dispose() => _scope.Dispose();

    private static QuantizationOptions Fixed(int bits) => new()
    {
        WeightBits = BitWidthChoice.Fixed(bits),
        ActivationBits = BitWidthChoice.Fixed(bits),
        FirstLayerBits = null,
        LastLayerBits = null,
    };
}
