using AdaQat.Training;

namespace AdaQat.Tests.Steering;

/// <summary>A run that is steered and resumed is the run uninterrupted, to the bit.</summary>
public sealed class SteeringResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    private TrainerOptions Trainer => new() { Epochs = 3, CheckpointPath = Path };

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(105)]
    [InlineData(140)]
    [InlineData(150)]
    [InlineData(155)]
    public void An_optimizer_restored_at_any_moment_goes_on_exactly(int cut)
    {
        var options = new BitWidthOptimizerOptions { TargetBitOps = 0.5e9, TargetStep = 150, ProbeInterval = 2 };
        using var whole = new Plant(options, noise: 0.01);
        using var resumed = new Plant(options, noise: 0.01);
        whole.Steps(cut);
        resumed.Steps(7);

        resumed.Optimizer.Restore(whole.Optimizer.Snapshot());

        for (var step = cut; step < 160; step++)
        {
            var (one, other) = (resumed.Step(), whole.Step());
            (one.Step, one.Loss, one.Lambda, one.Cost).Should().Be((other.Step, other.Loss, other.Lambda, other.Cost));
        }

        resumed.Optimizer.Snapshot().Should().BeEquivalentTo(whole.Optimizer.Snapshot());
        whole.Optimizer.AllFrozen.Should().BeTrue();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_run_of_the_trainer_cut_at_whatever_step_ends_the_same_and_at_its_target(int cut)
    {
        Dictionary<string, byte[]> expected;
        using (var whole = new TrainerRun(Trainer, widths: Widths))
        {
            whole.Trainer.Fit(new Batches(14, 4));
            expected = whole.Everything();
            whole.Quantized!.Summary().BitOps.Should().BeLessThanOrEqualTo(Widths.TargetBitOps!.Value);
            whole.Widths!.Snapshot().Widths.Should().OnlyContain(w => w.FrozenAtStep == 6, "half of twelve steps");
        }

        using (var first = new TrainerRun(Trainer, widths: Widths))
        {
            first.FitUntil(cut, new Batches(14, 4));
        }

        using var second = new TrainerRun(Trainer, widths: Widths, seed: 99);
        second.Trainer.Resume(Path);
        second.Trainer.Fit(new Batches(14, 4));

        second.Everything().ShouldEqual(expected);
    }

    [Fact]
    public void Another_target_is_refused_by_the_checkpoint()
    {
        using (var first = new TrainerRun(Trainer, widths: Widths))
        {
            first.Trainer.Fit(new Batches(14, 4));
        }

        Resuming(Widths with { TargetBitOps = 950_000 }).Should().Throw<CheckpointException>()
            .WithMessage("*setting 'bit-widths.TargetBitOps' is 900000 there and 950000 here.");
        Resuming(new BitWidthOptimizerOptions()).Should().Throw<CheckpointException>()
            .WithMessage("*setting 'bit-widths.TargetBitOps' is 900000 there and *");
    }

    [Fact]
    public void A_snapshot_of_a_run_with_another_target_or_none_is_refused()
    {
        using var steered = new Plant(new BitWidthOptimizerOptions { TargetBitOps = 0.5e9, TargetStep = 100 });
        using var free = new Plant(Schedules.Economical);
        using var longer = new Plant(new BitWidthOptimizerOptions { TargetBitOps = 0.5e9, TargetStep = 200 });
        using var cheaper = new Plant(new BitWidthOptimizerOptions { TargetBitOps = 0.4e9, TargetStep = 100 });
        var before = steered.Optimizer.Snapshot();

        steered.Invoking(s => s.Optimizer.Restore(cheaper.Optimizer.Snapshot())).Should().Throw<ArgumentException>()
            .WithMessage("The snapshot is of a run with the target 400000000; TargetBitOps is 500000000 here.*");
        steered.Invoking(s => s.Optimizer.Restore(free.Optimizer.Snapshot())).Should().Throw<ArgumentException>()
            .WithMessage("The snapshot is of a run without a cost target; this optimizer has one.*");
        free.Invoking(s => s.Optimizer.Restore(steered.Optimizer.Snapshot())).Should().Throw<ArgumentException>()
            .WithMessage("The snapshot is of a run with a cost target; this optimizer has none.*");
        steered.Invoking(s => s.Optimizer.Restore(longer.Optimizer.Snapshot())).Should().Throw<ArgumentException>()
            .WithMessage("The snapshot is of a run with TargetStep 200; here it is 100.*");
        steered.Optimizer.Snapshot().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void A_refused_step_leaves_no_trace()
    {
        var options = new BitWidthOptimizerOptions { TargetBitOps = 0.5e9, TargetStep = 150, ProbeInterval = 3 };
        using var disturbed = new Plant(options, noise: 0.01);
        using var quiet = new Plant(options, noise: 0.01);
        disturbed.Steps(50);
        quiet.Steps(50);
        disturbed.Optimizer.NextStepProbes.Should().BeTrue();
        using var loss = TorchSharp.torch.tensor(2.0);

        disturbed.Invoking(d => d.Optimizer.PretendStep(loss, () => torch.tensor(double.NaN))).Should().Throw<NonFiniteLossException>();

        disturbed.Steps(100).Select(s => s.Lambda).Should().Equal(quiet.Steps(100).Select(s => s.Lambda));
    }

    public void Dispose() => _folder.Dispose();

    private static BitWidthOptimizerOptions Widths => new() { TargetBitOps = 900_000 };

    private Action Resuming(BitWidthOptimizerOptions widths) => () =>
    {
        using var run = new TrainerRun(Trainer, widths: widths);
        run.Trainer.Resume(Path);
    };
}
