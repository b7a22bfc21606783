using AdaQat.Costs;

namespace AdaQat.Tests.Steering;

/// <summary>With a target, what freezes when, and what the final choice may still move.</summary>
public sealed class TargetFreezingTests
{
    /// <summary>Of three linear layers the outer two take 1280 bit operations, the one in the middle has 16 MACs.</summary>
    private static readonly BitWidthOptimizerOptions Options = new() { TargetBitOps = 1536, TargetStep = 100 };

    [Fact]
    public void On_the_way_to_the_target_nothing_freezes_however_much_it_swings()
    {
        using var run = new ScriptedRun((w, a) => 3 * Math.Abs(w - 6.5), Options with { OscillationThreshold = 1, LearningRate = 0.2 });

        run.Steps(70).Should().OnlyContain(s => s.Probes.All(p => p.Frozen == null));
        run.Optimizer.AllFrozen.Should().BeFalse();
    }

    [Fact]
    public void At_the_target_a_width_that_swings_freezes_as_ever()
    {
        // Activations resist at the bottom, where weights come to rest on what is left.
        using var run = new ScriptedRun((w, a) => 0.01 * Math.Pow(4, -a), Options with { RestSteps = 5 }, ScriptedRun.Start(8, 2));

        var steps = run.Steps(100);

        steps.SelectMany(s => s.Probes).Where(p => p.Frozen == FreezeReason.RestAtMinimum).Should().NotBeEmpty();
        run.Optimizer.Snapshot().Widths.Should().OnlyContain(w => w.Reason != null);
        Cost(run).Should().BeLessThanOrEqualTo(1536);
    }

    [Fact]
    public void Once_all_have_frozen_by_themselves_the_final_bits_are_chosen_at_once()
    {
        using var run = new ScriptedRun((_, _) => 0, Options with { RestSteps = 1, TargetBitOps = 1344, TargetStep = 1000 });

        var steps = run.Steps(1000);

        steps.Count(s => s.Probes.Count > 0).Should().BeLessThan(999);
        run.Optimizer.AllFrozen.Should().BeTrue();
        Cost(run).Should().Be(1344);
    }

    [Fact]
    public void A_width_frozen_by_the_user_stays_and_the_others_pay()
    {
        using var run = new ScriptedRun((_, _) => 0, Options with { TargetBitOps = 1700 });
        run.Steps(20);
        run.Weights.Freeze();

        run.Steps(80);

        (run.Weights.Bits, run.Activations.Bits).Should().Be((8, 3));
        run.Optimizer.Snapshot().Widths.Select(w => w.Reason).Should().Equal(null, FreezeReason.Target);
    }

    [Fact]
    public void Where_the_user_froze_too_much_a_warning_says_what_is_left()
    {
        using var run = new ScriptedRun((_, _) => 0, Options with { TargetBitOps = 1350 });
        var warnings = new List<QuantizationWarning>();
        run.Quantized.Warning += (_, w) => warnings.Add(w);
        run.Steps(20);
        run.Weights.Freeze();

        run.Steps(80);

        warnings.Should().ContainSingle().Which.Message
            .Should().Be("TargetBitOps is 1350, but the widths frozen by hand leave a cost of 1504 at least.");
        run.Activations.Bits.Should().Be(2);
    }

    private static double Cost(ScriptedRun run) => run.Optimizer.Options.Cost.Total(run.Quantized.Profiles);
}
