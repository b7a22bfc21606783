using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Reporting;
using Spectre.Console;

namespace AdaQat.Tests.Benchmarks;

public sealed class RatioTableTests
{
    [Fact]
    public void A_pipe_gets_markdown_with_medians_spreads_and_ratios()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        var fp32 = Measured("fp32", "FP32", 0.1, 1) with { AgainstPython = new Distribution(0.987, 0.9, 1.1) };

        RatioTable.Print(console, new MeasuredSetting("resnet20", "ResNet-20", 128, 2, 1,
            [fp32, Measured("fp32", "FP32", 0.25, 2.5) with { Runtime = "python" }]));

        var lines = output.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        lines.Should().HaveCount(4).And.OnlyContain(line => line.StartsWith('|'));
        lines[0].Should().Contain("ResNet-20, batch 128, 2 threads");
        Cells(lines[2]).Should().Equal("FP32", "100.0", "99.0 to 101.0", "1.000", "1.000 to 1.000", "0.987", "0.900 to 1.100");
        Cells(lines[3]).Should().Equal("FP32 (Python)", "250.0", "249.0 to 251.0", "2.500", "2.500 to 2.500", "", "");
    }

    [Fact]
    public void Where_memory_was_measured_it_is_told_in_mebibytes_and_against_the_first_step()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        var step = Measured("qat", "QAT", 0.1, 1) with
        {
            Memory = new StepMemory(Needed: new PeakMemory(50 << 20, 150 << 20), Resident: new PeakMemory(50 << 20, 200 << 20)),
            Fp32Memory = new StepMemory(Needed: new PeakMemory(10 << 20, 90 << 20), Resident: new PeakMemory(10 << 20, 110 << 20)),
        };

        RatioTable.Print(console, new MeasuredSetting("resnet20", "ResNet-20", 1, 1, 10, [step, Measured("other", "Other", 0.1, 1)]));

        var lines = output.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        Cells(lines[2]).Should().Equal("QAT", "100.0", "99.0 to 101.0", "1.000", "1.000 to 1.000", "100", "1.250", "150", "1.500");
        Cells(lines[3]).TakeLast(4).Should().Equal("", "", "", "");
    }

    private static MeasuredStep Measured(string name, string title, double seconds, double ratio) => new()
    {
        Name = name,
        Title = title,
        Runtime = "dotnet",
        Period = 1,
        Time = new Distribution(seconds, seconds - 0.001, seconds + 0.001),
        AgainstFp32 = new Distribution(ratio, ratio, ratio),
        Seconds = [seconds],
    };

    private static IEnumerable<string> Cells(string row) => row.Trim('|').Split('|').Select(cell => cell.Trim());
}
