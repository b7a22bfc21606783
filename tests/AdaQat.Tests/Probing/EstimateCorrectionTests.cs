using AdaQat.Probing;

namespace AdaQat.Tests.Probing;

public sealed class EstimateCorrectionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Before_the_first_measurement_an_estimate_is_as_it_is(bool isOfWeights)
    {
        EstimateCorrection.None.Correct(isOfWeights, -0.25).Should().Be(-0.25);
    }

    [Fact]
    public void A_pair_shows_in_the_slope_of_its_kind_as_the_formula_says()
    {
        var correction = EstimateCorrection.None.With(isOfWeights: true, estimate: -0.02, measured: -0.01);

        // One pair against sixteen that lie on the diagonal.
        var slope = (0.0002 + (16 * 0.0004)) / (17 * 0.0004);
        correction.Correct(isOfWeights: true, -0.04).Should().BeApproximately(slope * -0.04, 1e-15);
        correction.Correct(isOfWeights: false, -0.04).Should().Be(-0.04, "weights say nothing of activations");
    }

    [Fact]
    public void An_estimate_that_is_always_twice_too_large_is_halved_in_the_end()
    {
        var random = new Random(1);
        var correction = EstimateCorrection.None;
        for (var i = 0; i < 500; i++)
        {
            var measured = random.NextDouble() - 0.7;
            correction = correction.With(isOfWeights: false, 2 * measured, measured);
        }

        correction.Correct(isOfWeights: false, 1)
            .Should().BeInRange(0.5, 0.6, "the memory holds a hundred pairs, against sixteen for a slope of 1");
    }

    [Fact]
    public void Estimates_of_zero_are_no_reason_to_divide_by_zero()
    {
        EstimateCorrection.None.With(isOfWeights: true, 0.0, -0.5).Correct(isOfWeights: true, -0.25).Should().Be(-0.25);
    }
}
