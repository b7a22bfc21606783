using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

public sealed class FitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_run_that_is_stopped_before_its_first_step_can_be_resumed()
    {
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = _folder.In("c") });

        var result = run.Trainer.Fit(new Batches(8, 4), cancellation: new CancellationToken(canceled: true));
        run.Trainer.Resume(_folder.In("c"));

        (result.Completed, result.Steps).Should().Be((false, 0));
        run.Trainer.Fit(new Batches(8, 4)).Completed.Should().BeTrue();
    }

    [Fact]
    public void A_run_does_not_go_on_with_epochs_of_another_length()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("c") });
        run.FitUntil(1, new Batches(8, 4));
        using var resumed = new TrainerRun(new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("c") });
        resumed.Trainer.Resume(_folder.In("c"));

        var fit = () => resumed.Trainer.Fit(new Batches(12, 4));

        fit.Should().Throw<ArgumentException>().WithMessage("*2 batches in an epoch*3*");
        resumed.Trainer.Progress.Step.Should().Be(1);
        resumed.Trainer.Fit(new Batches(8, 4)).Steps.Should().Be(4);
    }

    [Fact]
    public void A_run_whose_listener_failed_after_the_last_epoch_has_its_checkpoint_when_it_goes_on()
    {
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = _folder.In("c") });
        EventHandler<TrainingEpoch> failing = (_, _) => throw new InvalidOperationException("of the user's");
        run.Trainer.EpochCompleted += failing;
        var fit = () => run.Trainer.Fit(new Batches(4, 4));
        fit.Should().Throw<InvalidOperationException>();
        run.Trainer.EpochCompleted -= failing;

        run.Trainer.Fit(new Batches(4, 4)).Completed.Should().BeTrue();

        File.Exists(_folder.In("c")).Should().BeTrue();
    }

    [Fact]
    public void Every_step_and_epoch_is_reported_in_order()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, CheckpointPath = _folder.In("c"), CheckpointInterval = 2 });
        var events = new List<string>();
        run.Trainer.StepCompleted += (_, s) =>
            events.Add($"step {s.Step} of epoch {s.Epoch}, batch {s.Batch}: {s.Samples}, widths {s.BitWidths!.Step}");
        run.Trainer.EpochCompleted += (_, e) => events.Add($"epoch {e.Epoch} at {e.Step}: {e.Train.Samples}, {e.Test!.Samples}");
        run.Trainer.CheckpointSaved += (_, p) => events.Add($"saved at {p.Step}, batch {p.Batch}");

        var result = run.Trainer.Fit(new Batches(10, 4), new Batches(5, 4));

        events.Should().Equal(
            "step 1 of epoch 1, batch 1: 4, widths 1",
            "step 2 of epoch 1, batch 2: 4, widths 2",
            "saved at 2, batch 2",
            "step 3 of epoch 1, batch 3: 2, widths 3",
            "epoch 1 at 3: 10, 5",
            "saved at 3, batch 0",
            "step 4 of epoch 2, batch 1: 4, widths 4",
            "saved at 4, batch 1",
            "step 5 of epoch 2, batch 2: 4, widths 5",
            "step 6 of epoch 2, batch 3: 2, widths 6",
            "epoch 2 at 6: 10, 5",
            "saved at 6, batch 0");
        (result.Steps, result.Completed, result.Last!.Epoch).Should().Be((6, true, 2));
    }

    [Fact]
    public void A_trainer_does_what_the_loop_written_by_hand_does()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, Schedule = LearningRateSchedule.Constant() });
        run.Trainer.Fit(new Batches(12, 4));
        var trained = run.Everything();

        using var byHand = new TrainerRun();
        var batches = new Batches(12, 4);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in batches.Epoch(epoch, 0))
            {
                byHand.Weights.zero_grad();
                using var loss = TrainerRun.CrossEntropy(byHand.Model.call(batch.Input), batch.Target);
                loss.backward();
                byHand.Widths!.Step(loss, () => TrainerRun.CrossEntropy(byHand.Model.call(batch.Input), batch.Target));
                byHand.Weights.step();
            }
        }

        var expected = byHand.Everything();
        expected["(progress)"] = trained["(progress)"];
        trained.ShouldEqual(expected);
    }

    [Fact]
    public void The_schedule_moves_every_groups_learning_rate()
    {
        using var run = new TrainerRun();
        using var weights = optim.SGD(
            [
                new TorchSharp.Modules.SGD.ParamGroup(run.Quantized!.ModelParameters(), lr: 0.2),
                new TorchSharp.Modules.SGD.ParamGroup(run.Quantized.QuantizerParameters(), lr: 0.01),
            ],
            0.2);
        var trainer = new AdaQatTrainer(run.Widths!, weights, TrainerRun.CrossEntropy, new TrainerOptions { Epochs = 2 });
        var rates = new List<(double First, double Second, double Reported)>();
        trainer.StepCompleted += (_, s) =>
        {
            var groups = weights.ParamGroups.ToList();
            rates.Add((groups[0].LearningRate, groups[1].LearningRate, s.LearningRate));
        };

        trainer.Fit(new Batches(8, 4));

        for (var step = 0; step < 4; step++)
        {
            var factor = (1 + Math.Cos(Math.PI * step / 4)) / 2;
            rates[step].First.Should().BeApproximately(0.2 * factor, 1e-15);
            rates[step].Second.Should().BeApproximately(0.01 * factor, 1e-15);
            rates[step].Reported.Should().Be(rates[step].First);
        }
    }

    [Fact]
    public void The_training_figures_of_an_epoch_are_means_over_samples()
    {
        using var run = new TrainerRun();
        var (loss, samples) = (0.0, 0L);
        run.Trainer.StepCompleted += (_, s) => (loss, samples) = (loss + (s.Loss * s.Samples), samples + s.Samples);

        var result = run.Trainer.Fit(new Batches(10, 4));

        result.Last!.Train.Loss.Should().Be(loss / samples);
        result.Last.Train.Samples.Should().Be(10);
        result.Last.Train.Accuracy.Should().BeInRange(0, 1);
        result.Last.Test.Should().BeNull();
    }

    [Fact]
    public void A_cancelled_run_ends_after_its_step_and_saves()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 3, CheckpointPath = _folder.In("c") });
        var saved = new List<TrainingProgress>();
        run.Trainer.CheckpointSaved += (_, p) => saved.Add(p);

        var result = run.FitUntil(2, new Batches(12, 4));

        (result.Completed, result.Steps, result.Last).Should().Be((false, 2, null));
        saved.Should().ContainSingle().Which.Should().Match<TrainingProgress>(p => p.Step == 2 && p.Batch == 2 && p.Epoch == 0);
    }

    [Fact]
    public void A_run_cancelled_with_the_last_step_of_an_epoch_finishes_that_epoch()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 3, CheckpointPath = _folder.In("c") });

        var result = run.FitUntil(3, new Batches(12, 4), new Batches(4, 4));

        (result.Completed, result.Steps, result.Last!.Epoch).Should().Be((false, 3, 1));
        run.Trainer.Progress.Should().Match<TrainingProgress>(p => p.Epoch == 1 && p.Batch == 0);
    }

    [Fact]
    public void A_run_that_is_complete_has_nothing_left_to_do()
    {
        using var run = new TrainerRun();
        run.Trainer.Fit(new Batches(4, 4));

        run.Trainer.Fit(new Batches(4, 4)).Should().Be(new TrainingResult(1, true, null));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_source_that_miscounts_its_batches_is_refused(int claimed)
    {
        using var run = new TrainerRun();

        var fit = () => run.Trainer.Fit(new Batches(12, 4) { BatchesPerEpoch = claimed });

        fit.Should().Throw<InvalidOperationException>()
            .WithMessage($"The batch source says that an epoch has {claimed} batches, but epoch 0 came to 3.");
    }

    [Fact]
    public void A_float_model_is_trained_without_widths()
    {
        using var run = new TrainerRun(isQuantized: false);
        run.Trainer.StepCompleted += (_, s) => s.BitWidths.Should().BeNull();

        run.Trainer.Fit(new Batches(8, 4)).Completed.Should().BeTrue();
    }

    [Fact]
    public void A_loss_that_is_no_number_is_refused_before_anything_has_moved()
    {
        var bad = false;
        using var run = new TrainerRun(loss: (output, target) => TrainerRun.CrossEntropy(output, target) * (bad ? double.NaN : 1));
        run.Trainer.StepCompleted += (_, s) => bad = s.Step == 2;
        Dictionary<string, byte[]> before = [];
        run.Trainer.StepCompleted += (_, s) => before = Parameters(run);

        var fit = () => run.Trainer.Fit(new Batches(12, 4));

        fit.Should().Throw<NonFiniteLossException>().WithMessage("The training loss is NaN in step 3:*");
        Parameters(run).ShouldEqual(before);
        run.Trainer.Progress.Step.Should().Be(2);
        run.Widths!.Steps.Should().Be(2);
    }

    [Fact]
    public void A_probe_that_is_no_number_is_refused_before_the_weights_have_moved()
    {
        var calls = 0;
        using var run = new TrainerRun(
            loss: (output, target) => TrainerRun.CrossEntropy(output, target) * (++calls == 7 ? double.PositiveInfinity : 1));
        Dictionary<string, byte[]> before = [];
        run.Trainer.StepCompleted += (_, s) => before = Parameters(run);

        var fit = () => run.Trainer.Fit(new Batches(12, 4));

        fit.Should().Throw<NonFiniteLossException>().WithMessage("The loss with 'activations' at 7 bits is * in step 2:*");
        Parameters(run).ShouldEqual(before);
        run.Trainer.Progress.Step.Should().Be(1);
    }

    [Fact]
    public void A_count_of_what_is_right_that_fails_does_so_before_the_weights_have_moved()
    {
        using var run = new TrainerRun(new TrainerOptions { CountCorrect = (_, _) => throw new NotSupportedException("no classes") });
        var before = Parameters(run);

        run.Trainer.Invoking(t => t.Fit(new Batches(8, 4))).Should().Throw<NotSupportedException>().WithMessage("no classes");

        before.Where(p => !p.Key.EndsWith("alpha", StringComparison.Ordinal))
            .Should().OnlyContain(p => Parameters(run)[p.Key].SequenceEqual(p.Value));
        run.Trainer.Progress.Should().Be(TrainingProgress.Start);
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 100 });
        var (train, test) = (new Batches(12, 4), new Batches(6, 4));
        using var cancellation = new CancellationTokenSource();
        var live = new List<long>();
        run.Trainer.EpochCompleted += (_, e) =>
        {
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            if (e.Epoch == 6)
            {
                cancellation.Cancel();
            }
        };

        run.Trainer.Fit(train, test, cancellation.Token);

        live.Skip(1).Distinct().Should().ContainSingle();
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, byte[]> Parameters(TrainerRun run) =>
        run.Model.named_parameters().ToDictionary(p => p.name, p => Bits.Of(p.parameter));
}
