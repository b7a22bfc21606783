using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>A run that begins in float is a float run up to there, and learns its widths in the rest.</summary>
public sealed class QuantizeAfterStepsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_steps_before_are_to_the_bit_those_of_the_float_model()
    {
        using var plain = new TrainerRun(new TrainerOptions { Epochs = 2 }, isQuantized: false);
        var inFloat = Losses(plain);
        plain.Trainer.Fit(new Batches(14, 4));
        using var delayed = new TrainerRun(new TrainerOptions { Epochs = 2, QuantizeAfterSteps = 5 });
        var later = Losses(delayed);

        delayed.Trainer.Fit(new Batches(14, 4));

        later.Take(5).Should().Equal(inFloat.Take(5));
        later.Skip(5).Should().NotBeEquivalentTo(inFloat.Skip(5));
        delayed.Widths!.Steps.Should().Be(3);
        delayed.Quantized!.IsQuantizing.Should().BeTrue();
        delayed.Quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Steps_in_float_report_no_widths()
    {
        using var run = new TrainerRun(new TrainerOptions { QuantizeAfterSteps = 2 });
        var reports = new List<TrainingStep>();
        run.Trainer.StepCompleted += (_, step) => reports.Add(step);

        run.Trainer.Fit(new Batches(14, 4));

        reports.Select(r => r.BitWidths is null).Should().Equal(true, true, false, false);
    }

    [Fact]
    public void An_evaluation_up_to_its_end_is_in_float_and_the_front_takes_it_not_in()
    {
        var options = new TrainerOptions { Epochs = 2, QuantizeAfterSteps = 4, ParetoFolder = _folder.In("front") };
        using var plain = new TrainerRun(new TrainerOptions { Epochs = 2 }, isQuantized: false);
        var inFloat = Epochs(plain);
        plain.Trainer.Fit(new Batches(14, 4), new Batches(6, 3));
        using var run = new TrainerRun(options);
        var epochs = Epochs(run);

        run.Trainer.Fit(new Batches(14, 4), new Batches(6, 3));

        epochs[0].Should().Be(inFloat[0]);
        epochs[1].Should().NotBe(inFloat[1]);
        File.ReadAllLines(_folder.In("front", "front.csv")).Skip(1).Should().ContainSingle().Which.Should().StartWith("2,");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void A_run_resumed_before_or_behind_the_switch_is_the_uninterrupted_one(int stop)
    {
        var options = new TrainerOptions { Epochs = 2, QuantizeAfterSteps = 4, CheckpointPath = _folder.In("run.ckpt") };
        using var whole = new TrainerRun(options with { CheckpointPath = null });
        whole.Trainer.Fit(new Batches(14, 4));
        using (var first = new TrainerRun(options))
        {
            first.FitUntil(stop, new Batches(14, 4));
        }

        using var rest = new TrainerRun(options, seed: 9);
        rest.Trainer.Resume(_folder.In("run.ckpt"));
        rest.Trainer.Fit(new Batches(14, 4));

        rest.Everything().ShouldEqual(whole.Everything());
    }

    [Fact]
    public void Another_number_of_steps_is_refused_on_resuming()
    {
        var options = new TrainerOptions { QuantizeAfterSteps = 2, CheckpointPath = _folder.In("run.ckpt") };
        using var run = new TrainerRun(options);
        run.Trainer.Fit(new Batches(14, 4));
        using var other = new TrainerRun(options with { QuantizeAfterSteps = 0 });

        other.Trainer.Invoking(t => t.Resume(_folder.In("run.ckpt"))).Should().Throw<CheckpointException>()
            .WithMessage("*quantizeAfterSteps*2*absent*");
    }

    [Fact]
    public void More_steps_than_the_run_has_and_a_float_model_are_refused()
    {
        using var run = new TrainerRun(new TrainerOptions { QuantizeAfterSteps = 4 });
        run.Trainer.Invoking(t => t.Fit(new Batches(14, 4))).Should().Throw<ArgumentException>()
            .WithMessage("QuantizeAfterSteps is 4, but the run has 4 steps; allowed are 0 to 3.");

        FluentActions.Invoking(() => new TrainerRun(new TrainerOptions { QuantizeAfterSteps = 1 }, isQuantized: false))
            .Should().Throw<ArgumentException>().WithMessage("QuantizeAfterSteps is 1*float*");
        FluentActions.Invoking(() => new TrainerOptions { QuantizeAfterSteps = -1 }.Validate())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*QuantizeAfterSteps is -1*");
    }

    [Fact]
    public void The_widths_have_what_is_left_of_the_run_to_settle()
    {
        using var run = new TrainerRun(
            new TrainerOptions { Epochs = 2, QuantizeAfterSteps = 5 },
            widths: new BitWidthOptimizerOptions { TargetBitOps = 9e5, TargetStep = 4 });

        run.Trainer.Invoking(t => t.Fit(new Batches(14, 4))).Should().Throw<ArgumentException>()
            .WithMessage("*the run has 3 steps*");
    }

    private static List<double> Losses(TrainerRun run)
    {
        var losses = new List<double>();
        run.Trainer.StepCompleted += (_, step) => losses.Add(step.Loss);
        return losses;
    }

    private static List<Evaluation> Epochs(TrainerRun run)
    {
        var epochs = new List<Evaluation>();
        run.Trainer.EpochCompleted += (_, epoch) => epochs.Add(epoch.Test!);
        return epochs;
    }
}
