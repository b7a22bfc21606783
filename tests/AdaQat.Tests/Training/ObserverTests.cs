using AdaQat.Training;
using TorchSharp;

namespace AdaQat.Tests.Training;

public sealed class ObserverTests
{
    [Fact]
    public void An_observer_is_told_of_start_steps_epochs_and_end_in_this_order()
    {
        var told = new Told();
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, Observers = [told] });

        run.Trainer.Fit(new Batches(4 * 2, 4), new Batches(4 * 1, 4));

        told.Calls.Should().Equal("start 0 of 4", "step 1", "step 2", "epoch 1", "step 3", "step 4", "epoch 2", "end");
    }

    [Fact]
    public void A_step_brings_widths_and_the_epoch_so_far()
    {
        var told = new Told();
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, Observers = [told] });

        run.Trainer.Fit(new Batches(4 * 2, 4));

        var last = told.Steps[^1];
        last.Widths!.Weights.Should().Be(run.Quantized!.Layers[1].WeightBits.Value);
        last.Widths.WeightDifference.Should().Be(last.BitWidths!.Probes
            .Where(probe => probe.Width == run.Quantized.Layers[1].WeightBits).Average(probe => probe.Difference));
        last.EpochSoFar.Loss.Should().BeApproximately(told.Steps.TakeLast(2).Average(step => step.Loss), 1e-12);
    }

    [Fact]
    public void A_model_in_float_has_no_widths()
    {
        var told = new Told();
        using var run = new TrainerRun(new TrainerOptions { Observers = [told] }, isQuantized: false);

        run.Trainer.Fit(new Batches(4 * 2, 4));

        told.Steps.Should().OnlyContain(step => step.Widths == null);
    }

    [Fact]
    public void Warnings_arrive_while_the_run_goes_on_and_not_after()
    {
        var told = new Told();
        using var run = new TrainerRun(new TrainerOptions { Observers = [told] });
        run.Trainer.StepCompleted += (_, step) => run.Quantized!.Warn(new QuantizationWarning($"layer {step.Step}", "seen"));

        run.Trainer.Fit(new Batches(4 * 1, 4));
        run.Quantized!.Warn(new QuantizationWarning("later", "seen"));

        told.Calls.Where(call => call.StartsWith("warning", StringComparison.Ordinal)).Should().Equal("warning of layer 1");
    }

    [Fact]
    public void A_resumed_run_starts_where_it_stands()
    {
        var told = new Told();
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, Observers = [told] });

        run.FitUntil(3, new Batches(4 * 2, 4));
        run.Trainer.Fit(new Batches(4 * 2, 4));

        told.Calls.Where(call => call.StartsWith("start", StringComparison.Ordinal)).Should().Equal("start 0 of 4", "start 3 of 4");
        told.Calls.Count(call => call == "end").Should().Be(2);
    }

    [Fact]
    public void Those_that_were_told_of_the_start_are_told_of_the_end_when_another_refuses()
    {
        var (first, second) = (new Told(), new Told { Refuses = true });
        using var run = new TrainerRun(new TrainerOptions { Observers = [first, second] });

        var fit = () => run.Trainer.Fit(new Batches(4 * 1, 4));

        fit.Should().Throw<InvalidOperationException>().WithMessage("refused");
        first.Calls.Should().Equal("start 0 of 1", "end");
        second.Calls.Should().BeEmpty();
        run.Trainer.Progress.Step.Should().Be(0);
    }

    [Fact]
    public void An_end_that_throws_hides_neither_the_others_ends_nor_the_cause()
    {
        var (first, second) = (new Told(), new Told { FailsAtStep = 1, FailsAtEnd = true });
        using var run = new TrainerRun(new TrainerOptions { Observers = [first, second] });

        var fit = () => run.Trainer.Fit(new Batches(4, 4));

        fit.Should().Throw<InvalidOperationException>().WithMessage("step 1");
        first.Calls.Should().Equal("start 0 of 1", "step 1", "end");
    }

    [Fact]
    public void An_end_that_throws_after_a_whole_run_is_raised_when_all_are_told_and_the_checkpoint_is_there()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (new Told(), new Told { FailsAtEnd = true });
        var options = new TrainerOptions { CheckpointPath = folder.In("c"), Observers = [first, second] };
        using var run = new TrainerRun(options);

        var fit = () => run.Trainer.Fit(new Batches(4, 4));

        fit.Should().Throw<InvalidOperationException>().WithMessage("end");
        first.Calls.Should().Equal("start 0 of 1", "step 1", "epoch 1", "end");
        File.Exists(folder.In("c")).Should().BeTrue();
    }

    [Fact]
    public void A_tensor_that_an_observer_makes_in_a_step_is_its_own()
    {
        var told = new Told { Keeps = () => torch.ones(3) };
        using var run = new TrainerRun(new TrainerOptions { Observers = [told] });

        run.Trainer.Fit(new Batches(8, 4));

        told.Kept.Should().HaveCount(2).And.OnlyContain(tensor => !tensor.IsInvalid);
        told.Kept.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void A_null_among_the_observers_is_refused()
    {
        var make = () => new TrainerRun(new TrainerOptions { Observers = [null!] });

        make.Should().Throw<ArgumentException>().WithMessage("*Observers*null*");
    }

    private sealed class Told : ITrainingObserver
    {
        public bool Refuses { get; init; }

        public int? FailsAtStep { get; init; }

        public bool FailsAtEnd { get; init; }

        public Func<torch.Tensor>? Keeps { get; init; }

        public List<torch.Tensor> Kept { get; } = [];

        public List<string> Calls { get; } = [];

        public List<TrainingStep> Steps { get; } = [];

        public void OnStart(TrainingPlan plan)
        {
            if (Refuses)
            {
                throw new InvalidOperationException("refused");
            }

            Calls.Add($"start {plan.DoneSteps} of {plan.Steps}");
        }

        public void OnStep(TrainingStep step)
        {
            Calls.Add($"step {step.Step}");
            Steps.Add(step);
            if (Keeps is not null)
            {
                Kept.Add(Keeps());
            }

            if (step.Step == FailsAtStep)
            {
                throw new InvalidOperationException($"step {step.Step}");
            }
        }

        public void OnEpoch(TrainingEpoch epoch) => Calls.Add($"epoch {epoch.Epoch}");

        public void OnWarning(QuantizationWarning warning) => Calls.Add($"warning of {warning.Subject}");

        public void OnEnd()
        {
            Calls.Add("end");
            if (FailsAtEnd)
            {
                throw new InvalidOperationException("end");
            }
        }
    }
}
