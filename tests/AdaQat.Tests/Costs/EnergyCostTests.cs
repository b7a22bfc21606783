using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

public sealed class EnergyCostTests
{
    private static readonly EnergyTable Table = EnergyTable.Horowitz45;

    /// <summary>At 8·8 and 32·32 as published; between them linear in the product of the widths, and from 0.</summary>
    [Theory]
    [InlineData(8, 8, 0.2)]
    [InlineData(4, 8, 0.1)]
    [InlineData(2, 2, 0.0125)]
    [InlineData(16, 16, 0.2 + (2.9 * 192 / 960))]
    [InlineData(32, 8, 3.7)]
    [InlineData(8, 32, 3.7)]
    [InlineData(32, 32, 3.7)]
    public void A_multiplication_follows_the_product_of_the_widths_and_is_one_in_float_where_an_operand_is(
        int weightBits, int activationBits, double picojoules) =>
        Table.Multiplication(weightBits, activationBits).Should().BeApproximately(picojoules, 1e-12);

    [Theory]
    [InlineData(4, 0.015)]
    [InlineData(8, 0.03)]
    [InlineData(20, 0.065)]
    [InlineData(32, 0.1)]
    [InlineData(44, 0.135)]
    public void An_addition_follows_the_width(int bits, double picojoules) =>
        Table.Addition(bits).Should().BeApproximately(picojoules, 1e-12);

    /// <summary>1000 multiplications at 0.1 pJ and additions of 32 bits at 0.1 pJ.</summary>
    [Fact]
    public void Without_memory_it_is_multiplications_and_additions_in_microjoules()
    {
        LayerProfile[] layers = [new("a", 1000, 10, 10, BitWidth.Fixed("w", 4), BitWidth.Fixed("a", 8))];

        new EnergyCost(Table).Total(LayerBits.InForce(layers)).Should().BeApproximately(1000 * 0.2 * 1e-6, 1e-15);
    }

    /// <summary>The bytes that move, eight bits each, weights and activations at a price of their own.</summary>
    [Fact]
    public void With_memory_every_bit_that_moves_has_its_price()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), new QuantizationOptions());
        var table = Table with { WeightMemory = 2, ActivationMemory = 3 };

        var weights = LayerBits.InForce(quantized.Profiles).Sum(l => l.Layer.Storage.Bytes(l.Layer.WeightCount, l.WeightBits));
        var activations = quantized.Cost(quantized.MemoryTraffic) - weights;
        var memory = quantized.Cost(new EnergyCost(table, quantized.MemoryTraffic)) - quantized.Cost(new EnergyCost(table));

        memory.Should().BeApproximately(8 * ((2 * weights) + (3 * activations)) * 1e-6, 1e-12);
    }

    /// <summary>L_hard is 64 at 8/8, as that of bit operations.</summary>
    [Fact]
    public void In_the_loss_eight_bits_count_as_bit_operations_count_them()
    {
        LayerProfile[] layers =
        [
            new("a", 1000, 10, 10, BitWidth.Learned("w"), BitWidth.Learned("a")),
            new("b", 3000, 10, 10, BitWidth.Learned("w2"), BitWidth.Fixed("a2", 8)),
            new("c", 5000, 10, 10, BitWidth.Fixed("w3", 8), BitWidth.Fixed("a3", 8)),
        ];

        new EnergyCost(Table).Loss(LayerBits.InForce(layers)).Should().BeApproximately(64, 1e-12);
        new BitOpsCost().Loss(LayerBits.InForce(layers)).Should().Be(64);
    }

    [Fact]
    public void A_product_of_integers_must_not_take_more_than_one_in_float()
    {
        var table = Table with { FloatMultiplication = 0.5 };

        table.Invoking(t => new EnergyCost(t)).Should().Throw<ArgumentException>().WithMessage("A product of 24 bits and its sum take*");
    }

    [Fact]
    public void Power_is_energy_times_rate()
    {
        var power = new InferencePower(microjoules: 12, inferencesPerSecond: 30);

        power.Watts.Should().BeApproximately(360e-6, 1e-12);
        power.ToString().Should().Be("0.36 mW at 30 inferences a second of 12 µJ");
        FluentActions.Invoking(() => new InferencePower(-1, 30)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
