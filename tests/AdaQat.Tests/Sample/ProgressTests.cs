using ResNet20Cifar.Output;
using ResNet20Cifar.Output.Progress;
using Spectre.Console;

namespace AdaQat.Tests.Sample;

public sealed class ProgressTests
{
    private static readonly RunPlan Plan = new("ResNet-20, AdaQAT", Epochs: 2, StepsPerEpoch: 3, BatchSize: 128, FirstStep: 0);
    private static readonly WidthReading Widths = new(5.43, 6, 6, 6);

    [Fact]
    public void A_pipe_gets_lines_without_control_characters()
    {
        var output = new StringWriter();

        Train(new PlainProgress(output, TimeSpan.Zero));

        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(1 + 6 + 1 + 2);
        lines[1].Should().Contain("epoch 1/2 step 1/6").And.Contain("loss 2.0000").And.Contain("weights 5.43 (6 bits)").And.Contain("left");
        lines[^1].Should().Contain("epoch 2/2 done").And.Contain("test 50.00 %");
        output.ToString().Should().NotContain("\u001b");
    }

    [Fact]
    public void A_pipe_is_not_flooded()
    {
        var output = new StringWriter();

        Train(new PlainProgress(output, TimeSpan.FromHours(1)));

        output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1 + 1 + 2);
    }

    [Fact]
    public void A_terminal_shows_progress_loss_and_both_widths()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 120;

        Train(new TerminalProgress(console));

        output.ToString()
            .Should().ContainAll("step 6/6", "Weights", "Activations", "5.43 (6 bits)", "images/s", "test 50.00 %", "[a note]");
    }

    [Fact]
    public void A_trend_keeps_its_shape_when_it_runs_out_of_space()
    {
        var trend = new Trend(16);
        for (var index = 0; index < 1000; index++)
        {
            trend.Add(1000 - index);
        }

        var picture = trend.ToString();

        picture.Length.Should().BeInRange(8, 16);
        picture[0].Should().Be('█');
        picture[^1].Should().Be('▁');
        picture.Should().Be(string.Concat(picture.OrderDescending()));
    }

    private static void Train(IRunProgress progress) => progress.Around(Plan, () =>
    {
        for (var step = 1; step <= Plan.Steps; step++)
        {
            var epoch = (step + 2) / 3;
            if (step == 2)
            {
                progress.Say("[a note]");
            }

            if (step % 3 == 1 && step > 1)
            {
                progress.OnEpoch(new EpochRow(step - 1, epoch - 1, 2, Widths, 0.25, 0.5));
            }

            progress.OnStep(new StepRow(step, epoch, 2, 0.1, Widths, null, null), 0.25);
        }

        progress.OnEpoch(new EpochRow(6, 2, 2, Widths, 0.25, 0.5));
    });
}
