using AdaQat.Costs;

namespace AdaQat.Tests.Costs;

/// <summary>The costs of memory: bits of weights, bits of activations.</summary>
public sealed class MemoryCostTests
{
    private readonly BitWidth _weights = BitWidth.Learned("weights", start: 4.2);
    private readonly BitWidth _activations = BitWidth.Learned("activations", start: 2.5);
    private readonly BitWidth _other = BitWidth.Learned("other", start: 8);
    private readonly BitWidth _eight = BitWidth.Fixed("eight", 8);

    [Fact]
    public void Weight_bits_are_counted_over_all_layers_and_averaged_over_the_learned()
    {
        var cost = new WeightBitsCost();

        cost.Total(Network()).Should().Be((100 * 8) + (300 * 5) + (600 * 8));
        cost.Loss(Network()).Should().Be(((300 * 5) + (600 * 8)) / 900.0);
        cost.Derivative(Network(), _weights).Should().Be(300 / 900.0);
        cost.Derivative(Network(), _other).Should().Be(600 / 900.0);
        cost.Derivative(Network(), _activations).Should().Be(0);
    }

    [Fact]
    public void Activation_bits_are_counted_over_all_layers_and_averaged_over_the_learned()
    {
        var cost = new ActivationBitsCost();

        cost.Total(Network()).Should().Be((10 * 8) + (20 * 3) + (30 * 3));
        cost.Loss(Network()).Should().Be(3);
        cost.Derivative(Network(), _activations).Should().Be(1);
        cost.Derivative(Network(), _weights).Should().Be(0);
    }

    [Fact]
    public void Without_a_learned_width_there_is_nothing_to_pay()
    {
        LayerProfile[] layers = [new("a", 1, 100, 10, _eight, _eight)];

        new WeightBitsCost().Loss(layers).Should().Be(0);
        new WeightBitsCost().Derivative(layers, _eight).Should().Be(0);
        new ActivationBitsCost().Loss(layers).Should().Be(0);
        new ActivationBitsCost().Derivative(layers, _eight).Should().Be(0);
    }

    private LayerProfile[] Network() =>
    [
        new("first", 1, 100, 10, _eight, _eight),
        new("a", 1, 300, 20, _weights, _activations),
        new("b", 1, 600, 30, _other, _activations),
    ];
}
