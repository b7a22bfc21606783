using System.Globalization;
using AdaQat.Training;

namespace AdaQat.Tests.Runs;

public sealed class HistoryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string HistoryPath => _folder.In("history.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_have_a_cell_for_every_column()
    {
        WriteRun(HistoryPath, 1, 4);

        var lines = File.ReadAllLines(HistoryPath);

        lines[0].Should().Be(HistoryFile.Header);
        lines.Should().HaveCount(1 + 4 + 2).And.OnlyContain(line => line.Split(',').Length == HistoryFile.Header.Split(',').Length);
        lines[1].Should().Be("step,1,1,0.1,0.05,7.9,7.8,8,8,,-0.25,,");
        lines[3].Should().Be("epoch,2,1,1.5,,7.9,7.8,8,8,,,0.25,0.5");
    }

    [Fact]
    public void Rows_without_widths_leave_their_cells_empty()
    {
        Write(HistoryPath, Begin, history => history.OnStep(Step(1) with { Loss = 2.5, LearningRate = 0.1, Widths = null }));

        File.ReadAllLines(HistoryPath)[1].Should().Be("step,1,1,2.5,0.1,,,,,,,,");
    }

    [Fact]
    public void A_row_can_be_read_before_the_file_is_closed()
    {
        Write(HistoryPath, Begin, history =>
        {
            history.OnStep(Step(1));
            using var reader = new StreamReader(new FileStream(HistoryPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

            reader.ReadToEnd().Should().EndWith("\n").And.Contain("step,1,");
        });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public void A_run_that_goes_on_leaves_the_history_of_one_that_never_stopped(int checkpointStep, int finishedEpochs)
    {
        WriteRun(_folder.In("whole.csv"), 1, 6);
        WriteRun(HistoryPath, 1, 5);
        File.AppendAllText(HistoryPath, "step,6,3,0.");

        Write(HistoryPath, Begin with { DoneSteps = checkpointStep, DoneEpochs = finishedEpochs }, history =>
        {
            if (finishedEpochs < checkpointStep / 2)
            {
                history.OnEpoch(Epoch(checkpointStep));
            }

            WriteRows(history, checkpointStep + 1, 6);
        });

        File.ReadAllText(HistoryPath).Should().Be(File.ReadAllText(_folder.In("whole.csv")));
    }

    [Fact]
    public void Going_on_without_a_history_begins_one()
    {
        Write(HistoryPath, Begin with { DoneSteps = 10, DoneEpochs = 1 }, _ => { });

        File.ReadAllLines(HistoryPath).Should().Equal(HistoryFile.Header);
    }

    [Fact]
    public void A_file_that_is_no_history_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(HistoryPath, "a,b\nstep,1,1,nonsense\n");

        var start = () => new HistoryFile(HistoryPath).OnStart(Begin);

        start.Should().Throw<IOException>().WithMessage($"*{HistoryPath}*no history*a,b*");
        File.ReadAllText(HistoryPath).Should().Be("a,b\nstep,1,1,nonsense\n");
    }

    [Fact]
    public void A_row_outside_a_run_is_refused()
    {
        using var history = new HistoryFile(HistoryPath);

        var write = () => history.OnStep(Step(1));

        write.Should().Throw<InvalidOperationException>().WithMessage("*not open*");
    }

    [Fact]
    public void Numbers_read_back_to_the_bit()
    {
        const double Awkward = 0.1 + 0.2;
        Write(HistoryPath, Begin, history => history.OnStep(Step(1) with { Loss = Awkward }));

        double.Parse(File.ReadAllLines(HistoryPath)[1].Split(',')[3], CultureInfo.InvariantCulture).Should().Be(Awkward);
    }

    [Fact]
    public void A_trainer_fills_it_and_leaves_it_closed()
    {
        using var run = new TrainerRun(new TrainerOptions { Epochs = 2, Observers = [new HistoryFile(HistoryPath)] });

        run.Trainer.Fit(new Batches(4 * 3, 4), new Batches(4 * 1, 4));

        var rows = File.ReadAllLines(HistoryPath).Skip(1).Select(line => line.Split(',')).ToList();
        rows.Count(row => row[0] == "step").Should().Be(6);
        rows.Count(row => row[0] == "epoch").Should().Be(2);
        rows[0][9].Should().NotBeEmpty("the first step probes the weights");
        rows[3][12].Should().NotBeEmpty("the test data are evaluated");
        File.Delete(HistoryPath);
    }

    private static TrainingPlan Begin => new(Epochs: 3, BatchesPerEpoch: 2, DoneSteps: 0, DoneEpochs: 0);

    /// <summary>Two steps make an epoch.</summary>
    private static void WriteRun(string path, int first, int last) => Write(path, Begin, history => WriteRows(history, first, last));

    private static void Write(string path, TrainingPlan plan, Action<HistoryFile> rows)
    {
        var history = new HistoryFile(path);
        history.OnStart(plan);
        rows(history);
        history.OnEnd();
    }

    private static void WriteRows(HistoryFile history, int first, int last)
    {
        for (var step = first; step <= last; step++)
        {
            history.OnStep(Step(step));
            if (step % 2 == 0)
            {
                history.OnEpoch(Epoch(step));
            }
        }
    }

    private static TrainingStep Step(int step) => new(
        step, (step + 1) / 2, 1, 8, 0.1 * step, 0.05, new Evaluation(1, 0.5, 8), null,
        new WidthReading(7.9, 7.8, 8, 8, null, -0.25, null, null));

    private static TrainingEpoch Epoch(int step) => new(
        step / 2, step, new Evaluation(1.5, 0.25, 16), new Evaluation(1, 0.5, 8),
        new WidthReading(7.9, 7.8, 8, 8, null, null, null, null));
}
