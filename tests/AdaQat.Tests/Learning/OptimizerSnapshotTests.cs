using static AdaQat.Tests.Support.ScriptedRun;

namespace AdaQat.Tests.Learning;

public sealed class OptimizerSnapshotTests
{
    private static readonly BitWidthOptimizerOptions Options = Schedules.Exact with
    {
        Lambda = 0.05,
        LearningRate = 0.3,
        OscillationThreshold = 4,
        RestSteps = 6,
        MaximumProbesPerStep = 1,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(45)]
    public void A_restored_optimizer_goes_on_exactly_as_the_other(int cut)
    {
        using var whole = new ScriptedRun(Loss, Options, Start(6.2, 5.1));
        using var resumed = new ScriptedRun(Loss, Options, Start(6.2, 5.1));
        whole.Steps(cut);

        resumed.Optimizer.Restore(whole.Optimizer.Snapshot());

        resumed.Optimizer.Snapshot().Should().BeEquivalentTo(whole.Optimizer.Snapshot());
        for (var i = 0; i < 60; i++)
        {
            resumed.Step().Should().BeEquivalentTo(whole.Step());
        }

        resumed.Optimizer.Snapshot().Should().BeEquivalentTo(whole.Optimizer.Snapshot());
        whole.Weights.IsFrozen.Should().BeTrue("the run is long enough for what a snapshot must hold");
    }

    [Fact]
    public void A_snapshot_does_not_change_with_the_optimizer()
    {
        using var run = new ScriptedRun((w, _) => w <= 3 ? 2 : w == 4 ? 1 : 2,
            Schedules.Exact with { Lambda = 0, LearningRate = 0.5 }, Start(4.5, 8));
        run.Steps(4);
        var snapshot = run.Optimizer.Snapshot();

        run.Steps(4);

        snapshot.Steps.Should().Be(4);
        snapshot.Widths[0].UpwardSwitches.Should().Equal(new Dictionary<int, int> { [4] = 2 });
    }

    [Fact]
    public void A_snapshot_of_other_widths_is_refused_by_their_names()
    {
        using var run = new ScriptedRun(Loss, Options);
        using var other = new ScriptedRun(Loss, Options, new() { ActivationBits = BitWidthChoice.Fixed(8) });

        var restore = () => run.Optimizer.Restore(other.Optimizer.Snapshot());

        restore.Should().Throw<ArgumentException>()
            .WithMessage("The snapshot is of the widths weights; this optimizer learns weights, activations.*");
    }

    [Fact]
    public void A_snapshot_outside_the_range_is_refused_and_nothing_changes()
    {
        using var run = new ScriptedRun(Loss, Options, Start(4.5, 6.5));
        using var wider = new ScriptedRun(
            Loss, Options, new() { WeightBits = BitWidthChoice.Learned(5), ActivationBits = BitWidthChoice.Learned(12, 2, 16) });
        var before = run.Optimizer.Snapshot();

        var restore = () => run.Optimizer.Restore(wider.Optimizer.Snapshot());

        restore.Should().Throw<ArgumentException>().WithMessage("The snapshot has 12 bits for 'activations'; allowed are 2 to 8.*");
        run.Optimizer.Snapshot().Should().BeEquivalentTo(before);
    }

    /// <summary>Weights oscillate around 4 bits, activations fall to the minimum.</summary>
    private static double Loss(int weights, int activations) => Math.Abs(weights - 4) + (0.1 * activations);
}
