using System.Runtime.InteropServices;
using AdaQat.Search;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>Batches that libtorch refuses: which one it is, and what it is, is said in training and in a search.</summary>
public sealed class ToldFailuresTests
{
    [Fact]
    public void Targets_of_another_type_are_named_with_everything_that_the_loss_saw()
    {
        using var run = new TrainerRun(isQuantized: false);

        var fault = run.Trainer.Invoking(t => t.Fit(Changed(target: t => t.to(ScalarType.Float32)))).Should().Throw<ArgumentException>()
            .WithMessage("The loss fails on the training batch, Input Float32 [4, 3, 8, 8], Output Float32 [4, *], Target Float32 [4]: *")
            .Which;

        fault.InnerException.Should().BeAssignableTo<ExternalException>();
        fault.Message.Should().NotContain("\n");
        run.Trainer.Progress.Step.Should().Be(0);
    }

    [Fact]
    public void Fewer_targets_than_samples_are_named_in_an_evaluation()
    {
        using var run = new TrainerRun(isQuantized: false);

        run.Trainer.Invoking(t => t.Evaluate(Changed(target: t => t.narrow(0, 0, 3)))).Should().Throw<ArgumentException>()
            .WithMessage("The loss fails on the batch to evaluate, *Target Int64 [3]: *");
    }

    [Fact]
    public void An_input_that_the_model_does_not_take_is_named()
    {
        using var run = new TrainerRun(isQuantized: false);

        run.Trainer.Invoking(t => t.Fit(Changed(input: x => x.narrow(1, 0, 2)))).Should().Throw<ArgumentException>()
            .WithMessage("The model fails on the training batch, Input Float32 [4, 2, 8, 8]: *");
    }

    [Fact]
    public void What_cannot_be_counted_is_named()
    {
        using var run = new TrainerRun(
            new TrainerOptions { CountCorrect = (output, _) => output.argmax(7).sum().item<long>() }, isQuantized: false);

        run.Trainer.Invoking(t => t.Fit(Changed())).Should().Throw<ArgumentException>()
            .WithMessage("Counting what is right fails on the training batch, *");
    }

    [Fact]
    public void What_the_users_own_code_throws_stays_as_it_is()
    {
        using var run = new TrainerRun(isQuantized: false, loss: (_, _) => throw new ArgumentException("mine"));

        run.Trainer.Invoking(t => t.Fit(Changed())).Should().Throw<ArgumentException>().WithMessage("mine");
    }

    [Fact]
    public void A_machine_without_memory_left_is_not_the_batchs_fault()
    {
        using var run = new TrainerRun(
            isQuantized: false, loss: (_, _) => throw new TorchFault("DefaultCPUAllocator: can't allocate memory"));

        run.Trainer.Invoking(t => t.Fit(Changed())).Should().Throw<TorchFault>();
    }

    [Theory]
    [InlineData(0, "The loss fails on the batch of the weights in step 1, Input Float32 [4, 3, 8, 8], *Target Float32 [4]: *")]
    [InlineData(1, "The loss fails on the batch of the channels in step 1, Input Float32 [4, 3, 8, 8], *Target Float32 [4]: *")]
    [InlineData(2, "Counting what is right fails on the test batch, Input Float32 [4, 3, 8, 8], *Target Int64 [3]: *")]
    public void A_search_says_which_of_its_sources_the_batch_is_of(int place, string message)
    {
        manual_seed(3);
        using var example = randn(1, 3, 8, 8);
        using var search = new ChannelSearch(
            channels => new ExpandableNetwork(channels), example, TrainerRun.CrossEntropy,
            new ChannelSearchOptions { CandidateRatios = [0.5, 1.0], Epochs = 1 });
        var wrong = place == 2 ? Changed(target: t => t.narrow(0, 0, 3)) : Changed(target: t => t.to(ScalarType.Float32));
        IBatchSource<Batch>[] sources = [.. Enumerable.Range(0, 3).Select(p => p == place ? wrong : Changed())];

        search.Invoking(s => s.Run(sources[0], sources[1], sources[2])).Should().Throw<ArgumentException>().WithMessage(message)
            .Which.InnerException.Should().BeAssignableTo<ExternalException>();
    }

    private static ChangedBatches Changed(Func<Tensor, Tensor>? input = null, Func<Tensor, Tensor>? target = null) =>
        new(input ?? (x => x.alias()), target ?? (t => t.alias()));

    private sealed class ChangedBatches(Func<Tensor, Tensor> input, Func<Tensor, Tensor> target) : IBatchSource<Batch>
    {
        private readonly Batches _batches = new(8, 4);

        public int BatchesPerEpoch => _batches.BatchesPerEpoch;

        public IEnumerable<Batch> Epoch(int epoch, int skip)
        {
            foreach (var batch in _batches.Epoch(epoch, skip))
            {
                using (batch)
                {
                    yield return new Batch(input(batch.Input), target(batch.Target));
                }
            }
        }
    }

    private sealed class TorchFault(string message) : ExternalException(message);
}
