using System.Globalization;
using AdaQat.Costs;
using AdaQat.Training;

namespace AdaQat.Tests.Training;

/// <summary>The checkpoints that no other of the run beats, on disk.</summary>
public sealed class ParetoFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Front => _folder.In("front");

    private string List => Path.Combine(Front, "front.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Kept_checkpoints_and_rows_are_the_same_and_dominated_ones_are_gone()
    {
        var front = ParetoFolder.Open(Front, 0);

        Offer(front, 1, accuracy: 0.5, cost: 10);
        Offer(front, 2, accuracy: 0.4, cost: 12);
        Offer(front, 3, accuracy: 0.6, cost: 11);
        Names().Should().Equal("epoch-0001.safetensors", "epoch-0003.safetensors", "front.csv");

        Offer(front, 4, accuracy: 0.7, cost: 10);
        Offer(front, 12345, accuracy: 0.1234567890123456789, cost: 1);

        Names().Should().Equal("epoch-0004.safetensors", "epoch-12345.safetensors", "front.csv");
        File.ReadAllLines(List).Should().Equal(
            "epoch,step,accuracy,cost,weightBits,activationBits,file",
            "12345,123450,0.12345678901234568,1,4.5,3,epoch-12345.safetensors",
            "4,40,0.7,10,4.5,3,epoch-0004.safetensors");
    }

    [Fact]
    public void Opened_again_by_the_resumed_run_it_goes_on()
    {
        Offer(ParetoFolder.Open(Front, 0), 1, accuracy: 0.5, cost: 10);

        var front = ParetoFolder.Open(Front, 10);
        Offer(front, 2, accuracy: 0.4, cost: 12);
        Offer(front, 3, accuracy: 0.6, cost: 12);

        Names().Should().Equal("epoch-0001.safetensors", "epoch-0003.safetensors", "front.csv");
        front.Has(1).Should().BeTrue();
        front.Has(2).Should().BeFalse();
    }

    [Fact]
    public void A_run_killed_between_checkpoint_and_list_leaves_nothing_for_good()
    {
        var front = ParetoFolder.Open(Front, 0);
        Offer(front, 1, accuracy: 0.5, cost: 10);
        File.WriteAllText(Path.Combine(Front, "epoch-0002.safetensors"), "not in the list yet");
        File.WriteAllText(Path.Combine(Front, "notes.txt"), "the user's");

        ParetoFolder.Open(Front, 10);

        Names().Should().Equal("epoch-0001.safetensors", "front.csv", "notes.txt");
    }

    [Fact]
    public void A_checkpoint_that_somebody_took_away_keeps_no_other_out()
    {
        Offer(ParetoFolder.Open(Front, 0), 1, accuracy: 0.9, cost: 1);
        File.Delete(Path.Combine(Front, "epoch-0001.safetensors"));

        Offer(ParetoFolder.Open(Front, 10), 2, accuracy: 0.5, cost: 10);

        Names().Should().Equal("epoch-0002.safetensors", "front.csv");
    }

    [Fact]
    public void An_epoch_gone_through_again_does_not_overwrite_what_is_kept()
    {
        var front = ParetoFolder.Open(Front, 0);
        Offer(front, 1, accuracy: 0.5, cost: 10);

        Offer(front, 1, accuracy: 0.6, cost: 12);

        Names().Should().Equal("epoch-0001-2.safetensors", "epoch-0001.safetensors", "front.csv");
        ParetoFile.Read(List).Should().HaveCount(2);
    }

    [Fact]
    public void What_is_not_this_runs_front_is_refused_and_untouched()
    {
        Directory.CreateDirectory(Front);
        File.WriteAllText(Path.Combine(Front, "thesis.tex"), "x");
        Open(0).Should().Throw<IOException>().WithMessage("*holds 'thesis.tex'*empty folder*");
        File.Delete(Path.Combine(Front, "thesis.tex"));

        File.WriteAllText(List, "a,b\n");
        Open(0).Should().Throw<InvalidDataException>().WithMessage("*front.csv' is not the front of a run*");

        const string Header = "epoch,step,accuracy,cost,weightBits,activationBits,file\n";
        foreach (var row in new[] { "1,2,3", "1,1,0.5,NaN,4,4,epoch-0001.safetensors", "1,1,0.5,3,4,4,../../etc/passwd",
            "x,1,0.5,3,4,4,epoch-0001.safetensors" })
        {
            File.WriteAllText(List, Header + row + "\n");
            Open(5).Should().Throw<InvalidDataException>().WithMessage($"*line 2 is '{row}'*");
        }

        File.WriteAllText(List, Header + "1,1,0.5,3,4,4,epoch-0001.safetensors\n");
        Open(0).Should().Throw<IOException>().WithMessage("*front of another run*");
        Names().Should().Equal("front.csv");
    }

    [Fact]
    public void A_trainer_keeps_them_and_a_resumed_run_ends_with_the_same()
    {
        using (var whole = new TrainerRun(Options("whole")))
        {
            whole.Trainer.Fit(Data(), Test());
        }

        for (var cut = 1; cut < 12; cut += 2)
        {
            var name = cut.ToString(CultureInfo.InvariantCulture);
            using (var first = new TrainerRun(Options(name)))
            {
                first.FitUntil(cut, Data(), Test());
            }

            using var second = new TrainerRun(Options(name), seed: 99);
            second.Trainer.Resume(_folder.In(name + ".ckpt"));
            second.Trainer.Fit(Data(), Test());

            File.ReadAllText(_folder.In(name + "/front.csv")).Should().Be(File.ReadAllText(_folder.In("whole/front.csv")));
        }

        var points = ParetoFile.Read(_folder.In("whole/front.csv"));
        points.Should().NotBeEmpty();
        foreach (var point in points)
        {
            using var run = new TrainerRun(Options("whole") with { ParetoFolder = null });
            run.Trainer.Resume(_folder.In("whole/" + point.File));

            run.Trainer.Progress.Step.Should().Be(point.Step);
            run.Trainer.Evaluate(Test()).Accuracy.Should().Be(point.Accuracy);
            run.Widths!.Options.Cost.Total(run.Quantized!.Profiles).Should().Be(point.Cost);
            point.WeightBits.Should().BeInRange(2, 8);
        }
    }

    [Fact]
    public void A_kill_after_the_epochs_checkpoint_does_not_lose_its_place()
    {
        var options = Options("killed") with { Epochs = 1 };
        using (var first = new TrainerRun(options))
        {
            first.Trainer.CheckpointSaved += (_, p) => throw new OperationCanceledException($"killed in epoch {p.Epoch}");
            first.Invoking(f => f.Trainer.Fit(Data(), Test())).Should().Throw<OperationCanceledException>();
        }

        ParetoFile.Read(_folder.In("killed/front.csv")).Should().BeEmpty();
        using var second = new TrainerRun(options);
        second.Trainer.Resume(_folder.In("killed.ckpt"));

        second.Trainer.Fit(Data(), Test());

        ParetoFile.Read(_folder.In("killed/front.csv")).Should().ContainSingle().Which.Epoch.Should().Be(1);
    }

    [Fact]
    public void Without_test_data_quantization_or_a_folder_it_is_refused_before_training()
    {
        using var run = new TrainerRun(Options("x"));
        run.Invoking(r => r.Trainer.Fit(Data())).Should().Throw<ArgumentException>().WithMessage("ParetoFolder needs test data*");
        run.Trainer.Progress.Step.Should().Be(0);
        Directory.Exists(_folder.In("x")).Should().BeFalse();
        FluentActions.Invoking(() => new TrainerRun(new TrainerOptions { ParetoFolder = Front }, isQuantized: false)).Should()
            .Throw<ArgumentException>().WithMessage("ParetoFolder is for a quantized model*");
        FluentActions.Invoking(() => new TrainerRun(new TrainerOptions { ParetoFolder = " " })).Should().Throw<ArgumentException>()
            .WithMessage("ParetoFolder is empty*");
        File.WriteAllText(Front, "");
        FluentActions.Invoking(() => new TrainerRun(new TrainerOptions { ParetoFolder = Front })).Should().Throw<ArgumentException>()
            .WithMessage("*is a file*");
    }

    private static Batches Data() => new(14, 4);

    private static Batches Test() => new(10, 4);

    private static void Offer(ParetoFolder front, int epoch, double accuracy, double cost) => front.Offer(
        new ParetoPoint(epoch, epoch * 10, accuracy, cost, 4.5, 3, ""), path => File.WriteAllText(path, "a checkpoint"));

    private IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Front).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private Action Open(int steps) => () => ParetoFolder.Open(Front, steps);

    private TrainerOptions Options(string name) =>
        new() { Epochs = 3, CheckpointPath = _folder.In(name + ".ckpt"), ParetoFolder = _folder.In(name) };
}
