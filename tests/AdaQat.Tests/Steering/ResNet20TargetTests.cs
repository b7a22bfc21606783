using AdaQat.Costs;

namespace AdaQat.Tests.Steering;

/// <summary>Targets on ResNet-20's real costs are met, whatever resistance the task loss puts up and whatever is counted.</summary>
public sealed class ResNet20TargetTests
{
    private const int Horizon = 400;

    [Theory]
    [InlineData(0.25e9, 0.01, 0.0)]
    [InlineData(0.25e9, 1.0, 0.01)]
    [InlineData(0.25e9, 20.0, 0.01)]
    [InlineData(0.50e9, 0.01, 0.001)]
    [InlineData(0.50e9, 1.0, 0.0)]
    [InlineData(0.50e9, 20.0, 0.0)]
    [InlineData(1.20e9, 0.01, 0.001)]
    [InlineData(1.20e9, 1.0, 0.01)]
    [InlineData(1.20e9, 20.0, 0.01)]
    public void Bit_operations_end_at_most_three_percent_under_the_target(double target, double sensitivity, double noise)
    {
        using var plant = new Plant(Bits(target), sensitivity: sensitivity, noise: noise);

        plant.Steps(Horizon);

        plant.Cost.Should().BeInRange(0.97 * target, target);
        plant.Optimizer.AllFrozen.Should().BeTrue();
        plant.Optimizer.Snapshot().Widths.Should().OnlyContain(w => w.FrozenAtStep <= Horizon && w.Reason != null);
    }

    [Theory]
    [InlineData(0.6e6)]
    [InlineData(0.9e6)]
    [InlineData(1.4e6)]
    public void Weight_bits_do_too_and_activations_are_left_to_the_loss(double target)
    {
        using var plant = new Plant(new BitWidthOptimizerOptions { TargetWeightBits = target, TargetStep = Horizon }, noise: 0.001);

        plant.Steps(Horizon);

        new WeightBitsCost().Total(plant.Quantized.Profiles).Should().BeInRange(0.97 * target, target).And.Be(plant.Cost);
        plant.Quantized.Layers.Average(l => l.ActivationBits.Bits).Should().BeGreaterThan(7);
    }

    [Theory]
    [InlineData(110e3)]
    [InlineData(200e3)]
    [InlineData(290e3)]
    public void So_does_a_cost_of_the_users_own(double target)
    {
        using var plant = new Plant(
            new BitWidthOptimizerOptions { Target = target, Cost = new LargerWidthCost(), TargetStep = Horizon }, sensitivity: 0.1,
            noise: 0.001);

        plant.Steps(Horizon);

        plant.Cost.Should().BeInRange(0.97 * target, target);
        plant.Quantized.Layers
            .Should().OnlyContain(l => l.WeightBits.Bits == l.ActivationBits.Bits, "beside a wide one, more bits are free");
    }

    [Fact]
    public void Where_nothing_resists_lambda_stays_where_it_starts_until_the_target_is_near()
    {
        using var plant = new Plant(Bits(0.4e9), sensitivity: 1e-6);

        var steps = plant.Steps(250);

        steps.Should().OnlyContain(s => s.Lambda > 0.1 && s.Lambda < 0.25);
    }

    [Fact]
    public void A_loss_that_resists_drives_lambda_up()
    {
        using var plant = new Plant(Bits(0.25e9), sensitivity: 20);

        plant.Steps(Horizon - 1)[^1].Lambda.Should().BeGreaterThan(1);
    }

    [Fact]
    public void Widths_of_layers_lose_less_than_one_pair_for_the_network_at_the_same_target()
    {
        using var layers = new Plant(Bits(0.67e9), noise: 0.001);
        using var network = new Plant(Bits(0.67e9), WidthSharing.Network, noise: 0.001);

        layers.Steps(Horizon);
        network.Steps(Horizon);

        layers.RoundingLoss.Should().BeLessThan(0.8 * layers.RoundingLossAt(4));
        network.Cost.Should().BeLessThanOrEqualTo(0.67e9);
    }

    [Theory]
    [InlineData(1.0, 1.0, 4, 4)]
    [InlineData(40.0, 1.0, 5, 3)]
    [InlineData(1.0, 40.0, 3, 5)]
    public void One_pair_for_the_network_takes_the_best_of_the_few_that_fit(
        double weights, double activations, int bits, int activationBits)
    {
        // 16 and 15 times the learned MACs fit under 0.671 G; so would 8·2, 2·8, 5·2, …
        using var plant = new Plant(Bits(0.671e9), WidthSharing.Network, sensitivities: [weights, activations]);

        plant.Steps(Horizon);

        plant.Quantized.Widths.Select(w => w.Bits).Should().Equal(bits, activationBits);
    }

    [Fact]
    public void A_run_that_starts_under_its_target_climbs_to_it()
    {
        using var plant = new Plant(
            Bits(0.8e9), scheme: new() { WeightBits = Low, ActivationBits = Low, WeightSharing = WidthSharing.Layer });

        plant.Steps(Horizon);

        plant.Cost.Should().BeInRange(0.97 * 0.8e9, 0.8e9);
    }

    [Fact]
    public void A_run_too_short_to_steer_meets_its_target_all_the_same()
    {
        using var plant = new Plant(Bits(0.5e9) with { TargetStep = 3 });

        plant.Steps(3);

        plant.Cost.Should().BeInRange(0.97 * 0.5e9, 0.5e9);
        plant.Optimizer.AllFrozen.Should().BeTrue();
    }

    [Fact]
    public void A_step_tells_lambda_and_the_cost_and_the_last_one_what_it_made_final()
    {
        using var plant = new Plant(Bits(0.5e9) with { MaximumProbesPerStep = 100 });

        var steps = plant.Steps(Horizon - 1);
        var last = plant.Step();

        steps.Select(s => s.Lambda).Distinct().Count().Should().BeGreaterThan(100);
        steps[0].Cost.Should().BeApproximately(2.5953e9, 0.0001e9);
        last.Cost.Should().Be(plant.Cost);
        last.Lambda.Should().Be(plant.Optimizer.Lambda);
        last.Probes.Where(p => p.Frozen == FreezeReason.Target).Should().NotBeEmpty().And.OnlyContain(p => p.BitsAfter == p.Width.Bits);
        plant.Step().Should().BeEquivalentTo(new BitWidthStep(Horizon + 1, plant.Step().Loss, [], last.Lambda, last.Cost));
    }

    private static BitWidthChoice Low => BitWidthChoice.Learned(start: 2);

    private static BitWidthOptimizerOptions Bits(double target) => new() { TargetBitOps = target, TargetStep = Horizon, ProbeInterval = 1 };
}
