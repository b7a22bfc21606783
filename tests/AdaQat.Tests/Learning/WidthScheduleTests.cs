using AdaQat.Learning;
using AdaQat.Quantizers;

namespace AdaQat.Tests.Learning;

/// <summary>What fits a run of a length, where the options leave it open; docs/method.md has the formulas.</summary>
public sealed class WidthScheduleTests
{
    private const double Descent = 6;

    private static readonly BitWidthOptimizerOptions Open = new() { Lambda = 0.3 };

    [Theory]
    [InlineData(60, 20, 1, 6)]
    [InlineData(600, 200, 3, 60)]
    [InlineData(1800, 600, 10, 180)]
    [InlineData(9000, 3000, 10, 500)]
    public void Pace_probes_and_rest_follow_from_the_length_of_the_run(long total, double stepsOfDescent, int interval, int rest)
    {
        var schedule = WidthSchedule.For(Open, total, Descent);

        schedule.LearningRate.Should().BeApproximately(Descent / (0.3 * stepsOfDescent), 1e-12);
        (schedule.ProbeInterval, schedule.RestSteps).Should().Be((interval, rest));
    }

    [Fact]
    public void Without_a_length_there_is_no_pace_and_the_rest_is_as_usual()
    {
        WidthSchedule.For(Open, totalSteps: null, Descent).Should().Be(new WidthSchedule(null, 10, 500, null));
    }

    [Fact]
    public void What_the_options_say_holds()
    {
        var options = new BitWidthOptimizerOptions { LearningRate = 0.5, ProbeInterval = 7, RestSteps = 9 };

        WidthSchedule.For(options, 9000, Descent).Should().Be(new WidthSchedule(0.5, 7, 9, 4500));
        WidthSchedule.For(options, null, Descent).Should().Be(new WidthSchedule(0.5, 7, 9, null));
    }

    [Fact]
    public void Lambda_of_zero_has_the_pace_of_the_default()
    {
        WidthSchedule.For(Open with { Lambda = 0 }, 600, Descent).LearningRate
            .Should().Be(WidthSchedule.For(new BitWidthOptimizerOptions(), 600, Descent).LearningRate);
    }

    [Fact]
    public void A_run_told_by_the_trainer_sets_the_pace_only_where_TotalSteps_does_not()
    {
        using var told = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions());
        using var set = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TotalSteps = 900 });

        told.Optimizer.PlanRun(200);
        set.Optimizer.PlanRun(200);

        (told.Optimizer.ProbeInterval, set.Optimizer.ProbeInterval).Should().Be((1, 5));
        told.Step().Probes.Should().HaveCount(2, "the first step of a short run probes");
    }

    [Theory]
    [InlineData(null, 1001, 500)]
    [InlineData(null, 1, 1)]
    [InlineData(30, 1001, 30)]
    [InlineData(null, null, null)]
    public void A_target_is_to_be_met_at_half_of_the_run_unless_it_is_said(int? targetStep, int? totalSteps, int? step)
    {
        var options = new BitWidthOptimizerOptions { TargetBitOps = 1e6, TargetStep = targetStep, TotalSteps = totalSteps };

        options.Steering!.Step.Should().Be(step);
    }

    [Fact]
    public void The_cost_is_that_of_the_target_unless_it_is_said()
    {
        new BitWidthOptimizerOptions().Cost.Should().BeOfType<BitOpsCost>();
        new BitWidthOptimizerOptions { TargetWeightBits = 1 }.Cost.Should().BeOfType<WeightBitsCost>();
        new BitWidthOptimizerOptions { Cost = new ActivationBitsCost() }.Cost.Should().BeOfType<ActivationBitsCost>();
    }

    [Fact]
    public void A_model_without_learned_widths_has_nothing_to_descend()
    {
        var fixedBits = new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(4), ActivationBits = BitWidthChoice.Fixed(4) };
        using var run = new ScriptedRun((_, _) => 0, new BitWidthOptimizerOptions { TotalSteps = 600 }, fixedBits);

        run.Optimizer.AllFrozen.Should().BeTrue();
        run.Step().Probes.Should().BeEmpty();
    }
}
