using AdaQat.Quantizers;
using AdaQat.Training;

namespace AdaQat.Tests.Checkpoints;

/// <summary>One call saves a loop of the user's own, one call resumes it: to the bit, or not at all.</summary>
public sealed class OwnLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.safetensors");

    public static TheoryData<string, string, WidthSharing, int> Cuts()
    {
        var cuts = new TheoryData<string, string, WidthSharing, int>();
        foreach (var cut in new[] { 0, 1, 4, 6, 8, 11 })
        {
            cuts.Add("SGD", "StepLR", WidthSharing.Network, cut);
            cuts.Add("Adam", "CosineAnnealingLR", WidthSharing.Layer, cut);
            cuts.Add("AdamW", "OneCycleLR", WidthSharing.Layer, cut);
        }

        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Resumed_it_is_the_uninterrupted_run_to_the_bit(string optimizer, string schedule, WidthSharing sharing, int cut)
    {
        Dictionary<string, byte[]> expected;
        using (var whole = new OwnLoop(optimizer, schedule, sharing))
        {
            whole.Train();
            expected = whole.Everything();
        }

        using (var first = new OwnLoop(optimizer, schedule, sharing))
        {
            first.Train(upTo: cut);
            first.Save(Path);
        }

        using var second = new OwnLoop(optimizer, schedule, sharing, seed: 99);
        second.Resume(Path);
        (second.Progress.Epoch, second.Progress.Batch, second.Progress.Step).Should().Be((cut / 4, cut % 4, cut));
        second.Train();

        second.Everything().ShouldEqual(expected);
    }

    [Fact]
    public void Another_schedule_is_refused()
    {
        using var first = new OwnLoop("SGD", "StepLR");
        first.Train(upTo: 9);
        first.Save(Path);

        // The scheduler itself has moved by then, so the rates are put back with the rest.
        Refused(new OwnLoop("SGD", "StepLR", period: 1),
            "the learning rate of parameter group 0 is 0.015* there, and 0.0045* where the schedule arrived.");
    }

    [Fact]
    public void Another_quantizer_option_is_refused()
    {
        using var first = new OwnLoop("SGD", "StepLR");
        first.Save(Path);

        Refused(
            new OwnLoop("SGD", "StepLR", quantizer: new DoReFaOptions { Scale = WeightScale.Unit }),
            "setting 'conv1.weight_quantizer.Scale' is Preserve there and Unit here.");
    }

    [Fact]
    public void A_baked_model_is_not_resumed_as_one_that_trains()
    {
        using var first = new OwnLoop("SGD", "StepLR");
        first.Quantized.Bake();
        first.Save(Path);

        Refused(new OwnLoop("SGD", "StepLR"), "setting 'baked' is True there and False here.");
    }

    [Fact]
    public void A_checkpoint_of_the_trainer_is_refused_for_its_schedule()
    {
        using (var trained = new TrainerRun(new TrainerOptions { CheckpointPath = Path }))
        {
            trained.Trainer.SaveCheckpoint();
        }

        using var run = new TrainerRun();

        run.Invoking(r => Checkpoint.Resume(Path, r.Quantized!, r.Weights, r.Widths))
            .Should().Throw<CheckpointException>().WithMessage("*setting 'epochs' is 1 there and absent here.");
    }

    [Fact]
    public void A_model_in_float_is_saved_and_resumed_too()
    {
        using var there = new TrainerRun(isQuantized: false);
        there.Trainer.Fit(new Batches(8, 4));
        var notes = new Dictionary<string, string> { ["by"] = "me" };
        Checkpoint.Save(Path, there.Model, there.Weights, new TrainingProgress(Step: 2) { Notes = notes });
        using var here = new TrainerRun(isQuantized: false, seed: 9);

        var progress = Checkpoint.Resume(Path, here.Model, here.Weights);

        progress.Step.Should().Be(2);
        progress.Notes.Should().Equal(notes);
        Bits.OfState(here.Model).ShouldEqual(Bits.OfState(there.Model));
    }

    [Fact]
    public void What_cannot_be_saved_is_refused_by_name_before_anything_is_written()
    {
        using var run = new TrainerRun();
        using var other = new TrainerRun();
        var (quantized, weights, widths) = (run.Quantized!, run.Weights, run.Widths!);

        Refuses<ArgumentException>(() => Checkpoint.Save(Path, quantized, weights, other.Widths), "*another quantized model*");
        Refuses<ArgumentException>(() => Checkpoint.Save(Path, quantized, weights, widths, new TrainingProgress(Step: -1)), "Step is -1*");
        Refuses<ArgumentException>(
            () => Checkpoint.Save(Path, quantized, weights, widths, new TrainingProgress(LossSum: double.NaN)), "LossSum is NaN*");
        Refuses<ArgumentException>(
            () => Checkpoint.Save(Path, quantized, weights, widths, new() { Notes = new Dictionary<string, string> { ["a"] = null! } }),
            "The note 'a' is null*");
        quantized.Detach();
        Refuses<InvalidOperationException>(() => Checkpoint.Save(Path, quantized, weights, widths), "*detached*");
        _folder.FileNames().Should().BeEmpty();

        static void Refuses<T>(Action save, string message)
            where T : Exception => save.Should().Throw<T>().WithMessage(message);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(OwnLoop run, string difference)
    {
        using (run)
        {
            var before = run.Everything();

            run.Invoking(r => r.Resume(Path)).Should().Throw<CheckpointException>().WithMessage($"*{difference}");

            run.Everything().ShouldEqual(before);
        }
    }
}
