using AdaQat.Costs;

namespace AdaQat.Tests.Costs;

public sealed class BitOpsCostTests
{
    private readonly BitOpsCost _cost = new();
    private readonly BitWidth _weights = BitWidth.Learned("weights", start: 4.2);
    private readonly BitWidth _activations = BitWidth.Learned("activations", start: 2.5);

    [Fact]
    public void The_total_is_macs_times_both_integer_widths_over_all_layers()
    {
        _cost.Total(Network()).Should().Be((432 * 64) + (2304 * 5 * 3) + (4608 * 5 * 3) + (640 * 64));
    }

    [Fact]
    public void For_one_pair_of_widths_the_loss_is_their_product()
    {
        _cost.Loss(Network()).Should().Be(5 * 3);
    }

    [Fact]
    public void For_one_pair_of_widths_each_derivative_is_the_other_width()
    {
        _cost.Derivative(Network(), _weights).Should().Be(3);
        _cost.Derivative(Network(), _activations).Should().Be(5);
    }

    [Fact]
    public void For_layers_with_widths_of_their_own_each_counts_by_its_share_of_macs()
    {
        var other = BitWidth.Learned("other", start: 8);
        LayerProfile[] layers = [Layer("a", 1000, _weights, _activations), Layer("b", 3000, other, _activations)];

        _cost.Loss(layers).Should().Be(((1000 * 5 * 3) + (3000 * 8 * 3)) / 4000.0);
        _cost.Derivative(layers, _weights).Should().Be(0.25 * 3);
        _cost.Derivative(layers, other).Should().Be(0.75 * 3);
        _cost.Derivative(layers, _activations).Should().Be((0.25 * 5) + (0.75 * 8));
    }

    [Fact]
    public void A_layer_with_one_learned_and_one_fixed_width_counts_as_learned()
    {
        LayerProfile[] layers = [Layer("a", 1000, _weights, BitWidth.Fixed("x", 4))];

        _cost.Loss(layers).Should().Be(5 * 4);
        _cost.Derivative(layers, _weights).Should().Be(4);
    }

    [Fact]
    public void Without_a_learned_width_there_is_nothing_to_pay()
    {
        var eight = BitWidth.Fixed("eight", 8);
        LayerProfile[] layers = [Layer("a", 1000, eight, eight)];

        _cost.Loss(layers).Should().Be(0);
        _cost.Derivative(layers, eight).Should().Be(0);
        _cost.Total(layers).Should().Be(64000);
    }

    [Fact]
    public void A_width_that_serves_no_layer_has_no_derivative()
    {
        _cost.Derivative(Network(), BitWidth.Learned("other")).Should().Be(0);
    }

    private static LayerProfile Layer(string name, long macs, BitWidth weights, BitWidth activations) =>
        new(name, macs, 10, 10, weights, activations);

    private LayerProfile[] Network()
    {
        var eight = BitWidth.Fixed("eight", 8);
        return [Layer("first", 432, eight, eight), Layer("a", 2304, _weights, _activations), Layer("b", 4608, _weights, _activations),
            Layer("last", 640, eight, eight)];
    }
}
