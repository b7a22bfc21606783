using AdaQat.Costs;
using AdaQat.Steering;
using AdaQat.Widths;

namespace AdaQat.Tests.Steering;

public sealed class CostAtTests
{
    private readonly BitWidth _weights = BitWidth.Learned("weights", new BitWidthRange { Start = 4.5 });
    private readonly BitWidth _activations = BitWidth.Learned("activations", new BitWidthRange { Start = 6 });

    [Theory]
    [InlineData(4, 6, 24)]
    [InlineData(3.5, 6, 21)]
    [InlineData(4, 5.25, 21)]
    [InlineData(3.5, 5.5, 19.5)]
    [InlineData(3.25, 5.5, 18)]
    public void Between_integers_the_cost_is_linear_on_the_path_along_the_corners(double weights, double activations, double expected)
    {
        using var cost = Cost();

        cost.Real([weights, activations]).Should().Be(expected);
    }

    [Fact]
    public void The_widths_are_as_they_were_when_it_is_disposed()
    {
        using (var cost = Cost())
        {
            cost[0] = 2;
            cost.TotalWith(1, 3).Should().Be(6);
            _weights.Bits.Should().Be(2);
        }

        (_weights.Bits, _weights.Value, _activations.Bits).Should().Be((5, 4.5, 6));
    }

    private CostAt Cost() => new(new BitOpsCost(), [new LayerCost("a", 1, 1, 1, _weights, _activations)], [_weights, _activations]);
}
