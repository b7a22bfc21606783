using AdaQat.Probing;
using AdaQat.Widths;

namespace AdaQat.Tests.Probing;

public sealed class EstimateCorrectionTests
{
    private readonly List<WidthState> _states =
    [
        State("a.weights", isOfWeights: true), State("b.weights", isOfWeights: true), State("a.activations", isOfWeights: false),
    ];

    [Fact]
    public void Before_the_first_measurement_an_estimate_is_as_it_is()
    {
        var correction = EstimateCorrection.Start(_states);

        _states.Should().OnlyContain(s => correction.Correct(s, -0.25) == -0.25);
    }

    [Fact]
    public void A_pair_shows_in_slope_and_offset_as_the_formula_says()
    {
        var correction = EstimateCorrection.Start(_states).After([(_states[0], -0.02, -0.01)]);

        // One pair against sixteen that lie on the diagonal.
        var slope = (0.0002 + (16 * 0.0004)) / (17 * 0.0004);
        correction.Correct(_states[1], -0.04).Should().BeApproximately(slope * -0.04, 1e-15);
        correction.Correct(_states[0], -0.04).Should().BeApproximately((slope * -0.04) + ((-0.01 - (slope * -0.02)) / 17), 1e-15);
        correction.Correct(_states[2], -0.04).Should().Be(-0.04, "weights say nothing of activations");
    }

    [Fact]
    public void An_estimate_that_is_always_twice_too_large_is_halved_in_the_end()
    {
        var random = new Random(1);
        var correction = EstimateCorrection.Start(_states);
        for (var i = 0; i < 500; i++)
        {
            var measured = random.NextDouble() - 0.7;
            correction = correction.After([(_states[0], 2 * measured, measured)]);
        }

        correction.Correct(_states[1], 1).Should().BeInRange(0.5, 0.6, "the memory holds a hundred pairs, against sixteen for a slope of 1");
    }

    [Fact]
    public void A_difference_that_an_estimate_does_not_see_is_found_by_measuring()
    {
        var random = new Random(2);
        var correction = EstimateCorrection.Start(_states);
        for (var i = 0; i < 300; i++)
        {
            var noise = 0.01 * (random.NextDouble() - 0.5);
            correction = correction.After([(_states[0], noise, noise - 0.03), (_states[1], noise, noise)]);
        }

        correction.Correct(_states[0], 0).Should().BeInRange(-0.03, -0.018, "about 33 pairs are remembered, against 16 for no offset");
        correction.Correct(_states[1], 0).Should().BeApproximately(0, 1e-3);
    }

    [Fact]
    public void At_another_integer_width_what_was_measured_at_the_last_is_forgotten()
    {
        var correction = EstimateCorrection.Start(_states).After([(_states[0], 0.0, -0.5)]);
        correction.Correct(_states[0], 0).Should().NotBe(0);

        _states[0].Width.Descend(1);

        correction.Correct(_states[0], 0).Should().Be(0);
        correction.After([(_states[0], 0.0, -0.1)]).Sums.Widths[0].Should().Be(new WidthSums(7, 1, 0, -0.1));
    }

    [Fact]
    public void Estimates_of_zero_are_no_reason_to_divide_by_zero()
    {
        var correction = EstimateCorrection.Start(_states).After([(_states[0], 0.0, -0.5)]);

        correction.Correct(_states[1], -0.25).Should().Be(-0.25);
    }

    private static WidthState State(string name, bool isOfWeights) =>
        new(BitWidth.Learned(name, new BitWidthRange()), new FreezeRule(2, 10, 500), 1, isOfWeights);
}
