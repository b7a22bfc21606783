using AdaQat.Quantizers;
using AdaQat.Training;

namespace AdaQat.Tests.Training;

/// <summary>A run resumed is the run uninterrupted, to the bit.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Epochs = 3;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    [InlineData(4, true, false)]
    [InlineData(7, true, false)]
    [InlineData(8, true, false)]
    [InlineData(11, true, false)]
    [InlineData(3, true, true)]
    [InlineData(6, true, true)]
    [InlineData(3, false, false)]
    [InlineData(4, false, true)]
    public void At_whatever_step_it_was_cut(int cut, bool isQuantized, bool adam)
    {
        Dictionary<string, byte[]> expected;
        using (var whole = new TrainerRun(Options, isQuantized, adam))
        {
            whole.Trainer.Fit(Data(), Test());
            expected = whole.Everything();
        }

        using (var first = new TrainerRun(Options, isQuantized, adam))
        {
            first.FitUntil(cut, Data(), Test());
        }

        using var second = new TrainerRun(Options, isQuantized, adam, seed: 99);
        second.Trainer.Resume(Path);
        var data = Data();
        second.Trainer.Progress.Step.Should().Be(cut);

        var result = second.Trainer.Fit(data, Test());

        (result.Completed, result.Steps).Should().Be((true, 12));
        data.Asked[0].Should().Be((cut / 4, cut % 4));
        second.Everything().ShouldEqual(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void With_widths_estimated_in_every_second_step(int cut)
    {
        Dictionary<string, byte[]> expected;
        using (var whole = Estimating())
        {
            whole.Trainer.StepCompleted += (_, s) => s.BitWidths!.Probes.Should().HaveCount(s.Step % 2 == 0 ? 6 : 0);
            whole.Trainer.Fit(Data());
            expected = whole.Everything();
        }

        using (var first = Estimating())
        {
            first.FitUntil(cut, Data());
        }

        using var second = Estimating(seed: 99);
        second.Trainer.Resume(Path);
        second.Trainer.Fit(Data());

        second.Everything().ShouldEqual(expected);
        second.Widths!.Snapshot().Correction!.Weights.Count.Should().BeGreaterThan(1, "measurements have corrected estimates");
    }

    [Fact]
    public void The_figures_of_an_interrupted_epoch_are_those_of_the_whole()
    {
        TrainingEpoch expected;
        using (var whole = new TrainerRun(Options))
        {
            expected = Epoch(whole, epoch: 2);
        }

        using (var first = new TrainerRun(Options with { CheckpointInterval = 1 }))
        {
            first.Trainer.StepCompleted += (_, s) => ThrowAt(s.Step, 7);
            first.Invoking(f => f.Trainer.Fit(Data(), Test())).Should().Throw<OperationCanceledException>();
        }

        using var second = new TrainerRun(Options with { CheckpointInterval = 1 });
        second.Trainer.Resume(Path);
        second.Trainer.Progress.Step.Should().Be(6);

        Epoch(second, epoch: 2).Should().Be(expected);
    }

    [Fact]
    public void Resuming_within_a_dispose_scope_outlives_the_scope()
    {
        using (var first = new TrainerRun(Options with { Epochs = 1 }))
        {
            first.Trainer.Fit(Data());
        }

        using var second = new TrainerRun(Options with { Epochs = 1 });
        using (TorchSharp.torch.NewDisposeScope())
        {
            second.Trainer.Resume(Path);
        }

        second.Weights.Invoking(w => w.step()).Should().NotThrow();
        second.Everything().Should().ContainKey("(optimizer)");
    }

    public void Dispose() => _folder.Dispose();

    private TrainerRun Estimating(long seed = 3) => new(
        Options,
        widths: new BitWidthOptimizerOptions { LearningRate = 0.01, ProbeInterval = 2, MaximumProbesPerStep = 1 },
        scheme: new QuantizationOptions
        {
            WeightSharing = WidthSharing.Layer,
            ActivationSharing = WidthSharing.Layer,
            FirstLayerBits = null,
            LastLayerBits = null,
        },
        seed: seed);

    private static Batches Data() => new(14, 4);

    private static Batches Test() => new(6, 4);

    private static void ThrowAt(int step, int at)
    {
        if (step == at)
        {
            throw new OperationCanceledException("the power went off");
        }
    }

    private static TrainingEpoch Epoch(TrainerRun run, int epoch)
    {
        TrainingEpoch? seen = null;
        run.Trainer.EpochCompleted += (_, e) => seen = e.Epoch == epoch ? e : seen;
        run.Trainer.Fit(Data(), Test());
        return seen!;
    }

    private string Path => _folder.In("run.ckpt");

    private TrainerOptions Options => new() { Epochs = Epochs, CheckpointPath = Path };
}
