using AdaQat.Training;

namespace AdaQat.Tests.Runs;

public sealed class PlainProgressTests
{
    [Fact]
    public void A_pipe_gets_lines_without_control_characters()
    {
        var lines = Lines(TimeSpan.Zero);

        lines.Should().HaveCount(1 + 1 + 6 + 1 + 2 + 1);
        lines[1].Should().Be("ResNet-20");
        lines[2].Should().StartWith("epoch 1/2 step 1/6: loss 2.0000, train 25.00 %, weights 5.43 (6 bits), activations 6 bits, ")
            .And.EndWith(" left");
        lines[4].Should().Be("Warning: [a note]");
        lines[^2].Should().Be("epoch 2/2 done: loss 2.0000, train 25.00 %, test 50.00 %, weights 5.43 (6 bits), activations 6 bits");
        string.Concat(lines).Should().NotContain("\u001b");
    }

    [Fact]
    public void A_pipe_is_not_flooded()
    {
        Lines(TimeSpan.FromHours(1)).Should().HaveCount(1 + 1 + 1 + 2 + 1);
    }

    [Fact]
    public void What_is_not_measured_is_not_shown()
    {
        var lines = Lines(TimeSpan.Zero, accuracy: null, isQuantized: false);

        lines.Should().NotContain(line => line.Contains('%') || line.Contains("weights"));
    }

    [Fact]
    public void Time_left_is_that_of_the_steps_to_come()
    {
        var pace = new RunPace(new TrainingPlan(1, 10, DoneSteps: 4, DoneEpochs: 0));
        pace.SamplesPerSecond.Should().Be(0);

        pace.OnStep(new TrainingStep(10, 1, 10, 128, 1, 0.1, new Evaluation(1, null, 1), null, null));

        pace.Left.Should().Be(TimeSpan.Zero);
        pace.SamplesPerSecond.Should().BePositive();
    }

    [Fact]
    public void A_negative_interval_is_refused()
    {
        var make = () => new PlainProgress(TextWriter.Null, null, TimeSpan.FromSeconds(-1));

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static string[] Lines(TimeSpan interval, double? accuracy = 0.25, bool isQuantized = true)
    {
        var output = new StringWriter();
        PretendedRun.Show(new PlainProgress(output, "ResNet-20", interval), accuracy, isQuantized);
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
