using System.Globalization;
using ResNet20Cifar.Output;

namespace AdaQat.Tests.Sample;

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
        using (var history = HistoryFile.Create(HistoryPath))
        {
            history.Write(new StepRow(1, 1, 2.5, 0.1, null, null, null));
        }

        File.ReadAllLines(HistoryPath)[1].Should().Be("step,1,1,2.5,0.1,,,,,,,,");
    }

    [Fact]
    public void A_row_can_be_read_before_the_file_is_closed()
    {
        using var history = HistoryFile.Create(HistoryPath);
        history.Write(Step(1));

        using var reader = new StreamReader(new FileStream(HistoryPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

        reader.ReadToEnd().Should().EndWith("\n").And.Contain("step,1,");
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

        using (var history = HistoryFile.Continue(HistoryPath, checkpointStep, finishedEpochs))
        {
            if (finishedEpochs < checkpointStep / 2)
            {
                history.Write(Epoch(checkpointStep));
            }

            WriteRows(history, checkpointStep + 1, 6);
        }

        File.ReadAllText(HistoryPath).Should().Be(File.ReadAllText(_folder.In("whole.csv")));
    }

    [Fact]
    public void Going_on_without_a_history_begins_one()
    {
        HistoryFile.Continue(HistoryPath, 10, 1).Dispose();

        File.ReadAllLines(HistoryPath).Should().Equal(HistoryFile.Header);
    }

    [Fact]
    public void Numbers_read_back_to_the_bit()
    {
        const double Awkward = 0.1 + 0.2;
        using (var history = HistoryFile.Create(HistoryPath))
        {
            history.Write(new StepRow(1, 1, Awkward, 1e-9, null, null, null));
        }

        double.Parse(File.ReadAllLines(HistoryPath)[1].Split(',')[3], CultureInfo.InvariantCulture).Should().Be(Awkward);
    }

    /// <summary>Two steps make an epoch.</summary>
    private static void WriteRun(string path, int first, int last)
    {
        using var history = HistoryFile.Create(path);
        WriteRows(history, first, last);
    }

    private static void WriteRows(HistoryFile history, int first, int last)
    {
        for (var step = first; step <= last; step++)
        {
            history.Write(Step(step));
            if (step % 2 == 0)
            {
                history.Write(Epoch(step));
            }
        }
    }

    private static StepRow Step(int step) => new(step, (step + 1) / 2, 0.1 * step, 0.05, new WidthReading(7.9, 7.8, 8, 8), null, -0.25);

    private static EpochRow Epoch(int step) => new(step, step / 2, 1.5, new WidthReading(7.9, 7.8, 8, 8), 0.25, 0.5);
}
