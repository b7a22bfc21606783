using AdaQat.Probing;
using AdaQat.Steering;

namespace AdaQat.Tests.Steering;

public sealed class RoundingLossFitTests
{
    [Fact]
    public void Each_width_is_drawn_from_its_own_fit_towards_the_common_one_as_by_ten_differences()
    {
        // At equal bits the common fit is the mean of the two, 5. Twenty differences with memory 0.95 count for (1 − 0.95²⁰)/0.05.
        var (small, large) = (Measured(2, 0, [.. Enumerable.Repeat(4, 20)]), Measured(8, 0, [.. Enumerable.Repeat(4, 20)]));
        var count = (1 - Math.Pow(0.95, 20)) / 0.05;

        RoundingLossFit.Estimate([small, large]).Should().SatisfyRespectively(
            s => s.Should().BeApproximately(((count * 2) + 50) / (count + 10), 1e-9), l =>
                l.Should().BeApproximately(((count * 8) + 50) / (count + 10), 1e-9));
    }

    [Fact]
    public void At_the_minimum_the_difference_upwards_is_that_of_the_bit_above()
    {
        var width = RoundingLossFit.Observe(
            RegressionSums.Empty, new FiniteDifference(2, 3, Loss: Math.Pow(4, -2), NeighbourLoss: Math.Pow(4, -3)));

        RoundingLossFit.Estimate([width])[0].Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void What_was_measured_at_many_bits_counts_for_nothing_beside_a_measurement_at_few()
    {
        var width = Measured(1, 0.01, [.. Enumerable.Repeat(8, 20), 3]);

        RoundingLossFit.Estimate([width])[0].Should().BeApproximately(1, 0.3);
    }

    [Fact]
    public void Widths_that_differ_by_noise_alone_are_drawn_together()
    {
        // At 8 bits a difference is 5e-5, and its noise two hundred times as much.
        var widths = Enumerable.Range(1, 10).Select(seed => Measured(1, 0.01, [.. Enumerable.Repeat(8, 20), 4], seed)).ToList();

        var estimates = RoundingLossFit.Estimate(widths);

        (estimates.Max() / estimates.Min()).Should().BeLessThan(3);
    }

    [Fact]
    public void A_width_not_measured_takes_the_common_one()
    {
        RoundingLossFit.Estimate([Measured(2, 0, 5, 4), RegressionSums.Empty])[1].Should().BeApproximately(2, 1e-9);
    }

    [Fact]
    public void Nothing_known_and_nonsense_alike_make_all_equal()
    {
        RoundingLossFit.Estimate([RegressionSums.Empty, RegressionSums.Empty]).Should().Equal(1, 1);
        RoundingLossFit.Estimate([Measured(-1, 0, 4), Measured(-2, 0, 4)]).Should().Equal(1, 1);
    }

    [Fact]
    public void None_falls_below_a_tenth_of_the_common_one()
    {
        // The first weighs 256 times as much, so that the common one is nearly its own.
        var estimates = RoundingLossFit.Estimate(
            [Measured(10, 0, [.. Enumerable.Repeat(3, 50)]), Measured(-50, 0, [.. Enumerable.Repeat(5, 50)])]);

        estimates[1].Should().BeApproximately(0.1 * ((256.0 * 10) - 50) / 257, 1e-9);
    }

    private static RegressionSums Measured(double sensitivity, double noise, params int[] bits) =>
        Measured(sensitivity, noise, bits, seed: 1);

    private static RegressionSums Measured(double sensitivity, double noise, int[] bits, int seed)
    {
        var random = new Random(seed);
        var fit = RegressionSums.Empty;
        foreach (var n in bits)
        {
            var lower = sensitivity * Math.Pow(4, 1 - n);
            fit = RoundingLossFit.Observe(
                fit, new FiniteDifference(n, n - 1, sensitivity * Math.Pow(4, -n), lower + (noise * (random.NextDouble() - 0.5) * 2)));
        }

        return fit;
    }
}
