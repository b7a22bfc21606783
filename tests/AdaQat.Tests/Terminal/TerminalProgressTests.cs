using AdaQat.Training;
using Spectre.Console;

namespace AdaQat.Tests.Terminal;

public sealed class TerminalProgressTests
{
    [Fact]
    public void A_terminal_shows_progress_loss_and_both_widths()
    {
        Shown().Should().ContainAll(
            "ResNet-20 [x]", "step 6/6", "Weights", "Activations", "5.43 (6 bits)", "samples/s", "train 25.00 %", "test 50.00 %",
            "Warning: [a note]");
    }

    [Fact]
    public void What_is_said_before_and_after_stands_above_and_below()
    {
        var shown = Shown();

        shown.IndexOf("before", StringComparison.Ordinal).Should().BeInRange(0, shown.IndexOf("step 1/6", StringComparison.Ordinal));
        shown.IndexOf("after" + Environment.NewLine, StringComparison.Ordinal)
            .Should().BeGreaterThan(shown.LastIndexOf("step 6/6", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_in_float_without_accuracy_has_neither_line()
    {
        Shown(accuracy: null, isQuantized: false).Should().NotContainAny("Weights", "Accuracy", "%");
    }

    [Fact]
    public void The_cursor_is_shown_again_when_a_run_fails()
    {
        var output = new StringWriter();
        using var run = new TrainerRun(new TrainerOptions { Observers = [new TerminalProgress(TestTerminal.Create(output), "x")] });
        run.Trainer.StepCompleted += (_, _) => throw new InvalidOperationException("of the user's");

        var fit = () => run.Trainer.Fit(new Batches(4 * 2, 4));

        fit.Should().Throw<InvalidOperationException>().WithMessage("of the user's");
        var text = output.ToString();
        text.LastIndexOf("\u001b[?25h", StringComparison.Ordinal)
            .Should().BeGreaterThan(text.LastIndexOf("\u001b[?25l", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_said_is_shown_at_once()
    {
        var output = new StringWriter();
        var display = new TerminalProgress(TestTerminal.Create(output), "x");
        display.OnStart(PretendedRun.Plan);

        display.Say("stopping soon");

        output.ToString().Should().Contain("stopping soon");
        display.OnEnd();
    }

    [Fact]
    public void A_console_that_shows_another_display_is_refused_at_the_start()
    {
        var console = TestTerminal.Create(new StringWriter());

        var start = () => console.Status().Start("busy", _ => new TerminalProgress(console, "x").OnStart(PretendedRun.Plan));

        start.Should().Throw<InvalidOperationException>();
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

    private static string Shown(double? accuracy = 0.25, bool isQuantized = true)
    {
        var output = new StringWriter();
        PretendedRun.Show(new TerminalProgress(TestTerminal.Create(output), "ResNet-20 [x]"), accuracy, isQuantized);
        return output.ToString();
    }
}
