using AdaQat.Search;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>What lies where a run's checkpoints are to go.</summary>
public sealed class CheckpointTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    public static TheoryData<string> Foreign =>
        ["{ \"notes\": \"of three weeks\" }", "x", "12345678{\"__metadata__\":{\"format\":\"pt\"}}"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_file_that_is_no_checkpoint_is_not_overwritten_and_training_does_not_begin(string content)
    {
        File.WriteAllText(Path, content);
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = Path });

        run.Trainer.Invoking(t => t.Fit(new Batches(8, 4))).Should().Throw<ArgumentException>()
            .WithMessage($"CheckpointPath is '{Path}', where a file lies that is no checkpoint of AdaQat*");

        run.Trainer.Progress.Step.Should().Be(0);
        File.ReadAllText(Path).Should().Be(content);
    }

    [Fact]
    public void A_search_does_not_begin_either()
    {
        File.WriteAllText(Path, "something else");
        manual_seed(3);
        using var example = randn(1, 3, 8, 8);
        using var search = new ChannelSearch(
            channels => new ExpandableNetwork(channels), example, TrainerRun.CrossEntropy,
            new ChannelSearchOptions { CandidateRatios = [0.5, 1.0], CheckpointPath = Path });

        search.Invoking(s => s.Run(new Batches(8, 4), new Batches(8, 4))).Should().Throw<ArgumentException>()
            .WithMessage($"CheckpointPath is '{Path}', where a file lies*");

        search.Step.Should().Be(0);
        File.ReadAllText(Path).Should().Be("something else");
    }

    [Fact]
    public void A_folder_is_refused()
    {
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = _folder.Path });

        run.Trainer.Invoking(t => t.Fit(new Batches(8, 4))).Should().Throw<ArgumentException>()
            .WithMessage("*which is a folder; name a file*");
    }

    [Fact]
    public void An_empty_file_and_a_checkpoint_of_another_run_give_way()
    {
        File.WriteAllBytes(Path, []);
        using (var first = new TrainerRun(new TrainerOptions { CheckpointPath = Path }, isQuantized: false))
        {
            first.Trainer.Fit(new Batches(8, 4));
        }

        using var second = new TrainerRun(new TrainerOptions { CheckpointPath = Path, Epochs = 3 });
        second.Trainer.Fit(new Batches(8, 4));

        Checkpoint.ReadProgress(Path).Step.Should().Be(6);
    }
}
