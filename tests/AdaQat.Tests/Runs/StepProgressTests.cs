using AdaQat.Training;

namespace AdaQat.Tests.Runs;

public sealed class StepProgressTests
{
    [Fact]
    public void A_line_is_said_once_for_each_tenth_however_often_it_is_reported()
    {
        var lines = new List<string>();
        var progress = new StepProgress<int>("analysing", done => done / 100.0, lines.Add);

        for (var done = 0; done <= 100; done++)
        {
            progress.Report(done);
            progress.Report(done);
        }

        lines.Should().Equal(Enumerable.Range(1, 10).Select(tenth => $"analysing: {10 * tenth} %"));
    }
}
