using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

public sealed class EvaluationTests
{
    [Fact]
    public void A_smaller_last_batch_counts_by_its_samples()
    {
        using var run = new TrainerRun();
        var (samples, size) = (10, 4);
        run.Quantized!.Calibrate(new Batches(samples, size), 1);

        var evaluation = run.Trainer.Evaluate(new Batches(samples, size));

        using var scope = NewDisposeScope();
        run.Model.eval();
        var (input, target) = Networks.Images(samples, 100);
        var output = run.Model.call(input);
        evaluation.Samples.Should().Be(samples);
        evaluation.Loss.Should().BeApproximately(TrainerRun.CrossEntropy(output, target).item<float>(), 1e-5);
        evaluation.Accuracy.Should().Be(Accuracy.TopOne(output, target) / samples);
    }

    [Fact]
    public void An_evaluation_leaves_modes_statistics_and_random_state_alone()
    {
        using var run = new TrainerRun();
        run.Trainer.Evaluate(new Batches(4, 4));
        run.Model.train();
        var before = run.Everything();

        run.Trainer.Evaluate(new Batches(10, 4));

        run.Everything().ShouldEqual(before);
        run.Model.named_modules().First(m => m.name == "bn1").module.training.Should().BeTrue();
        is_grad_enabled().Should().BeTrue();
    }

    [Fact]
    public void What_counts_as_right_is_the_users_choice()
    {
        using var run = new TrainerRun(new TrainerOptions { CountCorrect = (output, target) => target.shape[0] / 2.0 });

        run.Trainer.Evaluate(new Batches(10, 5)).Accuracy.Should().Be(0.5);
    }

    [Fact]
    public void Data_without_a_sample_is_refused()
    {
        using var run = new TrainerRun();

        run.Trainer.Invoking(t => t.Evaluate(new Batches(0, 4))).Should().Throw<ArgumentException>()
            .WithMessage("There is nothing to evaluate*");
    }

    [Fact]
    public void A_cancelled_evaluation_ends_between_two_batches_in_the_mode_that_was()
    {
        using var source = new CancellationTokenSource();
        using var run = new TrainerRun(new TrainerOptions
        {
            CountCorrect = (_, _) =>
            {
                source.Cancel();
                return 0;
            },
        });
        run.Model.train();

        run.Trainer.Invoking(t => t.Evaluate(new Batches(8, 4), source.Token)).Should().Throw<OperationCanceledException>();

        run.Model.training.Should().BeTrue();
    }

    [Fact]
    public void The_top_class_of_each_row_is_compared_with_the_target()
    {
        using var output = tensor(new float[] { 1, 3, 2, 9, 0, 1 }).reshape(2, 3);
        using var right = tensor(new long[] { 1, 0 });
        using var half = tensor(new long[] { 1, 2 });

        Accuracy.TopOne(output, right).Should().Be(2);
        Accuracy.TopOne(output, half).Should().Be(1);
    }
}
