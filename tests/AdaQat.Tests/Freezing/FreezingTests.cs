using AdaQat.Freezing;
using static AdaQat.Tests.Support.ScriptedRun;

namespace AdaQat.Tests.Freezing;

/// <summary>The freeze rule at work in the optimizer.</summary>
public sealed class FreezingTests
{
    /// <summary>λ = 0, so that g is the difference alone; one step crosses half a bit.</summary>
    private static readonly BitWidthOptimizerOptions Bare = Schedules.Exact with { Lambda = 0, LearningRate = 0.5 };

    [Fact]
    public void A_width_between_four_and_five_freezes_at_five_with_its_eleventh_switch_upwards()
    {
        // At 5 bits the loss asks for less, at 4 for more; the activations' width sees no difference and stays.
        using var run = new ScriptedRun((w, _) => w <= 3 ? 2 : w == 4 ? 1 : 2, Bare, Start(4.5, 8));

        var steps = run.Steps(60);

        // Values 4.5 (5), 4.0 (4), 4.5 (5), …: every second step switches upwards, the 11th time in step 22.
        var freezing = steps.Single(s => s.Probes.Any(p => p.Frozen is not null));
        freezing.Step.Should().Be(22);
        freezing.Probes[0]
            .Should().Match<AdaQat.WidthProbe>(p => p.Frozen == FreezeReason.Oscillation && p.BitsBefore == 4 && p.BitsAfter == 5);
        (run.Weights.Value, run.Weights.IsFrozen).Should().Be((5.0, true));
        run.Optimizer.Snapshot().Widths[0].Should().Match<WidthSnapshot>(
            w => w.FrozenAtStep == 22 && w.Reason == FreezeReason.Oscillation && w.UpwardSwitches[4] == 11);
        steps.Skip(22).Should().OnlyContain(s => s.Probes.Count == 1, "only the other width is still probed");
        run.Activations.IsFrozen.Should().BeFalse();
    }

    [Fact]
    public void A_width_that_falls_to_its_minimum_freezes_there_after_the_set_number_of_probes()
    {
        using var run = new ScriptedRun((w, _) => w, Bare with { RestSteps = 20 }, Start(4, 8));

        var steps = run.Steps(40);

        // 4 bits fall by half a bit a step and reach 2 in step 4; probes 5 to 24 rest there.
        var freezing = steps.Single(s => s.Probes.Any(p => p.Frozen is not null));
        freezing.Step.Should().Be(24);
        freezing.Probes[0].Frozen.Should().Be(FreezeReason.RestAtMinimum);
        run.Weights.Value.Should().Be(2);
    }

    [Fact]
    public void A_rest_is_as_long_whether_every_step_is_probed_or_every_third()
    {
        using var run = new ScriptedRun((w, _) => w, Bare with { RestSteps = 15, ProbeInterval = 3 }, Start(2, 8));

        run.Steps(14).Should().OnlyContain(s => s.Probes.All(p => p.Frozen == null));
        run.Step().Probes[0].Frozen.Should().Be(FreezeReason.RestAtMinimum);
    }

    [Fact]
    public void A_rest_is_as_long_for_widths_measured_round_robin()
    {
        using var run = new ScriptedRun((w, _) => w, Bare with { RestSteps = 6, MaximumProbesPerStep = 1 }, Start(2, 8));

        // The weights are measured in steps 1, 3 and 5, and each probe stands for two steps.
        run.Steps(4).Should().OnlyContain(s => s.Probes.All(p => p.Frozen == null));
        run.Step().Probes[0].Frozen.Should().Be(FreezeReason.RestAtMinimum);
    }

    [Fact]
    public void A_switch_counts_as_one_however_many_steps_a_probe_stands_for()
    {
        using var run = new ScriptedRun(
            (w, _) => w <= 3 ? 2 : w == 4 ? 1 : 2, Bare with { LearningRate = 0.125, ProbeInterval = 4 }, Start(4.5, 8));

        // As with a probe in every step and steps four times as large, in the 22nd probe.
        run.Steps(87).Should().OnlyContain(s => s.Probes.All(p => p.Frozen == null));
        run.Step().Probes[0].Frozen.Should().Be(FreezeReason.Oscillation);
    }

    [Fact]
    public void Once_every_width_is_frozen_no_probe_is_made()
    {
        using var run = new ScriptedRun((w, a) => w + a, Bare with { RestSteps = 1 }, Start(2, 2));
        run.Step();
        run.Optimizer.AllFrozen.Should().BeTrue();
        run.Points.Clear();

        var steps = run.Steps(10);

        run.Points.Should().BeEmpty();
        steps.Should().OnlyContain(s => s.Probes.Count == 0);
        run.Optimizer.NextStepProbes.Should().BeFalse();
        run.Optimizer.Steps.Should().Be(11);
    }

    [Fact]
    public void A_width_that_the_user_freezes_is_left_alone()
    {
        using var run = new ScriptedRun((w, a) => w + a, Bare, Start(4.3, 8));
        run.Weights.Freeze();

        run.Steps(5).Should().OnlyContain(s => s.Probes.Count == 1);

        run.Weights.Value.Should().Be(5);
        run.Optimizer.Snapshot().Widths[0].Reason.Should().BeNull();
    }
}
