using System.Text.Json;
using AdaQat.Allocation;
using AdaQat.Probing;
using AdaQat.Quantizers.Kernels;
using AdaQat.Steering;

namespace AdaQat.Tests.Steering;

public sealed class RoundingLossFitTests
{
    [Fact]
    public void Exact_differences_give_each_width_its_own()
    {
        var (small, large) = (Measured(0.5, 0, 6, 5, 4), Measured(8, 0, 8, 7, 5));

        RoundingLossFit.Estimate([small, large]).Should().SatisfyRespectively(
            s => s.Should().BeApproximately(0.5, 1e-9), l => l.Should().BeApproximately(8, 1e-9));
    }

    [Fact]
    public void A_difference_upwards_says_nothing_because_weights_are_trained_on_the_grid_they_have()
    {
        var learned = Measured(3, 0.01, 6, 5, 4, 3);

        learned.With(new FiniteDifference(2, 3, Loss: 1, NeighbourLoss: 1.2)).Should().Be(learned);
    }

    [Fact]
    public void What_was_not_measured_is_written_to_a_checkpoint_and_read_back()
    {
        foreach (var sums in new[] { RoundingLossSums.Empty, Measured(3, 0.01, 6, 5) })
        {
            JsonSerializer.Deserialize<RoundingLossSums>(JsonSerializer.Serialize(sums)).Should().Be(sums);
        }
    }

    [Fact]
    public void A_width_that_stayed_at_many_bits_since_it_needs_them_is_not_drawn_to_those_that_went_down()
    {
        var others = Enumerable.Range(2, 40).Select(seed => Measured(0.5, 0.05, [.. Enumerable.Repeat(3, 20)], seed));

        var estimates = RoundingLossFit.Estimate([Measured(270, 0.05, [.. Enumerable.Repeat(7, 20)]), .. others]);

        estimates[0].Should().BeInRange(150, 450);
        estimates.Skip(1).Should().OnlyContain(kappa => kappa > 0.25 && kappa < 1);
    }

    [Fact]
    public void A_difference_over_several_bits_is_that_of_all_of_them()
    {
        var width = RoundingLossSums.Empty.With(new FiniteDifference(8, 4, Loss: Math.Pow(4, -8), NeighbourLoss: Math.Pow(4, -4)));

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

    /// <summary>
    /// Bits of 36 layers chosen by what was learned from 60 noisy differences of each: the rounding loss they truly have, over the least
    /// possible. Neither each width's own fit nor one for all is as good where widths differ and differences are noise.
    /// </summary>
    [Theory]
    [InlineData(8, 0.05)]
    [InlineData(8, 0.2)]
    public void Fits_drawn_together_choose_better_bits_than_each_its_own_or_one_for_all(double spread, double noise)
    {
        var (drawn, own, common) = (0.0, 0.0, 0.0);
        for (var seed = 1; seed <= 40; seed++)
        {
            var network = new NoisyNetwork(spread, noise, seed);
            drawn += network.LossOver(RoundingLossFit.Estimate(network.Learned));
            own += network.LossOver([.. network.Learned.Select(s => Math.Max(s.Fit, 1e-3))]);
            common += network.LossOver([.. network.Learned.Select(_ => 1.0)]);
        }

        drawn.Should().BeLessThan(Math.Min(own, common) * 1.02);
        drawn.Should().BeLessThan(Math.Max(own, common) * 0.85);
    }

    [Fact]
    public void A_width_not_measured_takes_the_common_one()
    {
        RoundingLossFit.Estimate([Measured(2, 0, 5, 4), RoundingLossSums.Empty])[1].Should().BeApproximately(2, 1e-9);
    }

    [Fact]
    public void Nothing_known_and_nonsense_alike_make_all_equal()
    {
        RoundingLossFit.Estimate([RoundingLossSums.Empty, RoundingLossSums.Empty]).Should().Equal(1, 1);
        RoundingLossFit.Estimate([Measured(-1, 0, 4), Measured(-2, 0, 4)]).Should().Equal(1, 1);
    }

    [Fact]
    public void One_that_seems_to_like_rounding_is_taken_for_small_and_above_zero()
    {
        var estimates = RoundingLossFit.Estimate([
            .. Enumerable.Range(1, 10).Select(seed => Measured(1, 0.02, [4, 4, 3, 3], seed)), Measured(-1, 0.02, [4, 4, 3, 3], 11)]);

        estimates[^1].Should().BeGreaterThan(0).And.BeLessThan(estimates.SkipLast(1).Min());
    }

    private static RoundingLossSums Measured(double sensitivity, double noise, params int[] bits) =>
        Measured(sensitivity, noise, bits, seed: 1);

    private static RoundingLossSums Measured(double sensitivity, double noise, int[] bits, int seed)
    {
        var random = new Random(seed);
        return bits.Aggregate(
            RoundingLossSums.Empty, (sums, n) => sums.With(Difference(sensitivity, n, noise * (random.NextDouble() - 0.5) * 2)));
    }

    private static FiniteDifference Difference(double sensitivity, int bits, double noise) =>
        new(bits, bits - 1, sensitivity * Math.Pow(4, -bits), (sensitivity * Math.Pow(4, 1 - bits)) + noise);

    /// <summary>36 layers whose κ lie within a factor on either side of 1, and a descent from 8 to 4 bits with noisy differences.</summary>
    private sealed class NoisyNetwork
    {
        private const int Layers = 36;
        private const int Probes = 60;

        private readonly double[] _sensitivities;
        private readonly double[] _costs;

        public NoisyNetwork(double spread, double noise, int seed)
        {
            var random = new Random(seed);
            _sensitivities = [.. Enumerable.Range(0, Layers).Select(_ => Math.Pow(spread, (2 * random.NextDouble()) - 1))];
            _costs = [.. Enumerable.Range(0, Layers).Select(_ => 0.2 + (2.8 * random.NextDouble()))];
            var bits = Enumerable.Range(0, Probes).Select(p => (int)Math.Ceiling(8 - (4.6 * Math.Min(1, p / (0.7 * Probes))))).ToList();
            var width = noise * Math.Sqrt(12);
            Learned = [.. _sensitivities.Select(kappa => bits.Aggregate(
                RoundingLossSums.Empty, (sums, n) => sums.With(Difference(kappa, n, width * (random.NextDouble() - 0.5)))))];
        }

        public IReadOnlyList<RoundingLossSums> Learned { get; }

        public double LossOver(IReadOnlyList<double> estimates) => TrueLoss(Bits(estimates)) / TrueLoss(Bits(_sensitivities));

        private double TrueLoss(IReadOnlyList<int> bits) => bits.Zip(_sensitivities).Sum(b => b.Second * Math.Pow(4, -b.First));

        private IReadOnlyList<int> Bits(IReadOnlyList<double> estimates) => BitAllocator.Solve(new AllocationProblem
        {
            Widths = [.. estimates.Select(kappa => new WidthOptions(
                [2, 3, 4, 5, 6, 7, 8], [.. Enumerable.Range(2, 7).Select(b => kappa * RoundingLossFit.LossOf(b))]))],
            Cost = bits => bits.Zip(_costs).Sum(b => b.First * b.Second),
            Blocks = [.. Enumerable.Range(0, Layers).Select(i => CostBlock.OfOne(i, b => b * _costs[i]))],
            Budget = 3.5 * _costs.Sum(),
        }).Bits;
    }
}
