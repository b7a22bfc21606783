using AdaQat.Probing;
using AdaQat.Quantizers;
using static AdaQat.Tests.Support.ScriptedRun;

namespace AdaQat.Tests.Probing;

/// <summary>g = [L(n) − L(n − 1)] + λ·∂L_hard/∂N and N ← clamp(N − η·g), on losses that are functions of the two widths.</summary>
public sealed class FiniteDifferenceTests
{
    private const double Lambda = 0.15;
    private const double Eta = 0.01;

    private static readonly BitWidthOptimizerOptions Options =
        Schedules.Exact with { Lambda = Lambda, LearningRate = Eta };

    [Fact]
    public void Each_gradient_is_the_difference_to_one_bit_less_plus_lambda_times_the_other_width()
    {
        using var run = new ScriptedRun(Loss, Options, Start(5, 7));

        var step = run.Step();

        step.Loss.Should().Be(Loss(5, 7));
        step.Probes.Should().HaveCount(2);
        step.Probes[0].Width.Should().BeSameAs(run.Weights);
        ShouldBe(step.Probes[0], 5, 4, Loss(5, 7), Loss(4, 7));
        step.Probes[0].Gradient.Should().Be(Loss(5, 7) - Loss(4, 7) + (Lambda * 7));
        step.Probes[1].Width.Should().BeSameAs(run.Activations);
        ShouldBe(step.Probes[1], 7, 6, Loss(5, 7), Loss(5, 6));
        step.Probes[1].Gradient.Should().Be(Loss(5, 7) - Loss(5, 6) + (Lambda * 5));
    }

    [Fact]
    public void Each_width_moves_by_eta_times_its_gradient()
    {
        using var run = new ScriptedRun(Loss, Options, Start(5, 7));

        run.Step();

        run.Weights.Value.Should().Be(5 - (Eta * (Loss(5, 7) - Loss(4, 7) + (Lambda * 7))));
        run.Activations.Value.Should().Be(7 - (Eta * (Loss(5, 7) - Loss(5, 6) + (Lambda * 5))));
    }

    [Fact]
    public void Both_widths_are_measured_at_the_same_point_before_either_moves()
    {
        using var run = new ScriptedRun(
            (_, _) => 0, Schedules.Exact with { Lambda = 1, LearningRate = 0.5 }, Start(5, 7));

        var step = run.Step();

        run.Points.Should().Equal((4, 7), (5, 6));
        step.Probes[1].Gradient.Should().Be(5, "∂L_hard/∂N_a is n_w before the weights' width fell to 2");
        (run.Weights.Value, run.Activations.Value).Should().Be((2.0, 4.5));
    }

    [Fact]
    public void At_the_minimum_the_difference_is_taken_forward()
    {
        using var run = new ScriptedRun(Loss, Options, Start(2, 2));

        var step = run.Step();

        run.Points.Should().Equal((3, 2), (2, 3));
        ShouldBe(step.Probes[0], 2, 3, Loss(2, 2), Loss(3, 2));
        step.Probes[0].Gradient.Should().Be(Loss(3, 2) - Loss(2, 2) + (Lambda * 2));
        step.Probes[1].Gradient.Should().Be(Loss(2, 3) - Loss(2, 2) + (Lambda * 2));
    }

    [Fact]
    public void A_width_climbs_back_from_its_minimum_where_the_loss_asks_for_more_bits()
    {
        using var run = new ScriptedRun((w, _) => w == 2 ? 10 : 0, Options, Start(2, 8));

        run.Step();

        run.Weights.Value.Should().BeApproximately(2 + (Eta * (10 - (Lambda * 8))), 1e-12);
        run.Weights.Bits.Should().Be(3);
    }

    [Theory]
    [InlineData(1000.0, 2)]
    [InlineData(-1000.0, 8)]
    public void A_width_stops_at_the_ends_of_its_range(double slope, int end)
    {
        using var run = new ScriptedRun((w, a) => slope * (w + a), Options, Start(4.5, 6.5));

        run.Step();

        (run.Weights.Value, run.Activations.Value).Should().Be((end, end));
    }

    [Fact]
    public void No_point_outside_the_range_is_ever_evaluated()
    {
        var random = new Random(7);
        using var run = new ScriptedRun(
            (_, _) => (random.NextDouble() - 0.5) * 100,
            Options with { LearningRate = 0.1, OscillationThreshold = 100_000, RestSteps = 100_000 });

        run.Steps(1000);

        run.Points.Should().HaveCount(2000);
        run.Points.Should().OnlyContain(p => p.Weights >= 2 && p.Weights <= 8 && p.Activations >= 2 && p.Activations <= 8);
        run.Points.Select(p => p.Weights).Distinct().Should().HaveCount(7, "the walk visited every width");
    }

    [Fact]
    public void A_frozen_width_is_held_while_the_other_is_learned()
    {
        using var run = new ScriptedRun(Loss, Options, Start(5, 7));
        run.Activations.Freeze();

        var step = run.Step();

        run.Points.Should().Equal((4, 7));
        step.Probes.Should().ContainSingle().Which.Width.Should().BeSameAs(run.Weights);
        run.Activations.Value.Should().Be(7);
    }

    [Fact]
    public void A_fixed_width_is_no_width_to_learn()
    {
        using var run = new ScriptedRun(Loss, Options, new QuantizationOptions { ActivationBits = BitWidthChoice.Fixed(4) });

        run.Quantized.Widths.Should().Equal(run.Weights);
        run.Step().Probes.Should().ContainSingle().Which.Gradient.Should().Be(Loss(8, 4) - Loss(7, 4) + (Lambda * 4));
    }

    [Fact]
    public void A_loss_in_single_precision_is_read_as_it_is()
    {
        using var run = new ScriptedRun(Loss, Options, Start(5, 7));
        using var loss = torch.tensor(0.1f);

        run.Step(loss, () => torch.tensor(0.3f)).Probes[0].Difference.Should().Be((double)0.1f - 0.3f);
    }

    [Theory]
    [InlineData(5, 2.25)]
    [InlineData(2, 1.75)]
    [InlineData(8, 3.0, 2, 4, 8)]
    [InlineData(2, 1.5, 2, 4, 8)]
    public void A_difference_that_was_estimated_has_the_neighbours_loss_that_follows(int bits, double neighbourLoss, params int[] allowed)
    {
        var width = allowed.Length == 0 ? BitWidth.Learned("w", bits) : BitWidth.Learned("w", allowed, bits);

        var difference = FiniteDifference.Of(width, loss: 2, value: -0.25);

        difference.Value.Should().Be(-0.25);
        difference.NeighbourLoss.Should().Be(neighbourLoss);
    }

    private static void ShouldBe(WidthProbe probe, int bits, int neighbour, double here, double there)
    {
        (probe.BitsBefore, probe.Neighbour, probe.NeighbourLoss).Should().Be((bits, neighbour, there));
        probe.Difference.Should().Be((here - there) / (bits - neighbour));
    }

    private static double Loss(int weights, int activations) => (3.0 / weights) + (5.0 / (activations * activations));
}
