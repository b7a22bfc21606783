using AdaQat.Costs;

namespace AdaQat.Tests.Costs;

public sealed class CostOfBitsTests
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
        Cost(_weights, _activations).Real([weights, activations]).Should().Be(expected);
    }

    [Fact]
    public void Asking_at_other_bits_changes_no_width()
    {
        Cost(_weights, _activations).Total([2, 3]).Should().Be(6);
        Cost(_weights, _activations).Derivative([2, 3], 0).Should().Be(3);

        (_weights.Bits, _weights.Value, _activations.Bits).Should().Be((5, 4.5, 6));
    }

    [Fact]
    public void Widths_that_are_not_asked_about_count_as_they_are()
    {
        Cost(_activations).Total([3]).Should().Be(15);
    }

    private CostOfBits Cost(params BitWidth[] widths) =>
        new(new BitOpsCost(), [new LayerProfile("a", 1, 1, 1, _weights, _activations)], widths);
}
