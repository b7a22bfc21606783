using AdaQat.Probing;
using AdaQat.Steering;

namespace AdaQat.Tests.Steering;

public sealed class SensitivityTests
{
    [Fact]
    public void Exact_differences_give_each_width_its_own()
    {
        var (small, large) = (Measured(0.5, 0, 6, 5, 4), Measured(8, 0, 8, 7, 5));

        Sensitivity.Estimate([small, large]).Should().SatisfyRespectively(s => s.Should().BeApproximately(0.5, 1e-9), l => l.Should().BeApproximately(8, 1e-9));
    }

    [Fact]
    public void At_the_minimum_the_difference_upwards_is_that_of_the_bit_above()
    {
        var width = new Sensitivity();
        width.Observe(new FiniteDifference(2, 3, Loss: Math.Pow(4, -2), NeighbourLoss: Math.Pow(4, -3)));

        Sensitivity.Estimate([width])[0].Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void What_was_measured_at_many_bits_counts_for_nothing_beside_a_measurement_at_few()
    {
        var width = Measured(1, 0.01, [.. Enumerable.Repeat(8, 20), 3]);

        Sensitivity.Estimate([width])[0].Should().BeApproximately(1, 0.3);
    }

    [Fact]
    public void Widths_that_differ_by_noise_alone_are_drawn_together()
    {
        // At 8 bits a difference is 5e-5, and its noise two hundred times as much.
        var widths = Enumerable.Range(1, 10).Select(seed => Measured(1, 0.01, [.. Enumerable.Repeat(8, 20), 4], seed)).ToList();

        var estimates = Sensitivity.Estimate(widths);

        (estimates.Max() / estimates.Min()).Should().BeLessThan(3);
    }

    [Fact]
    public void A_width_not_measured_takes_the_common_one()
    {
        Sensitivity.Estimate([Measured(2, 0, 5, 4), new Sensitivity()])[1].Should().BeApproximately(2, 1e-9);
    }

    [Fact]
    public void Nothing_known_and_nonsense_alike_make_all_equal()
    {
        Sensitivity.Estimate([new Sensitivity(), new Sensitivity()]).Should().Equal(1, 1);
        Sensitivity.Estimate([Measured(-1, 0, 4), Measured(-2, 0, 4)]).Should().Equal(1, 1);
    }

    [Fact]
    public void None_falls_below_a_tenth_of_the_common_one()
    {
        // The first weighs sixteen times as much: the common one is (16·10 − 5)/17.
        var estimates = Sensitivity.Estimate([Measured(10, 0, 3, 3), Measured(-5, 0, 4, 4)]);

        estimates[0].Should().BeApproximately(10, 1e-9);
        estimates[1].Should().BeApproximately(15.5 / 17, 1e-9);
    }

    private static Sensitivity Measured(double sensitivity, double noise, params int[] bits) => Measured(sensitivity, noise, bits, seed: 1);

    private static Sensitivity Measured(double sensitivity, double noise, int[] bits, int seed)
    {
        var random = new Random(seed);
        var fit = new Sensitivity();
        foreach (var n in bits)
        {
            var lower = sensitivity * Math.Pow(4, 1 - n);
            fit.Observe(new FiniteDifference(n, n - 1, sensitivity * Math.Pow(4, -n), lower + (noise * (random.NextDouble() - 0.5) * 2)));
        }

        return fit;
    }
}
