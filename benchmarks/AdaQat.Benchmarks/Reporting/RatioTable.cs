using AdaQat.Benchmarks.Measuring;
using AdaQat.Benchmarks.Memory;
using Spectre.Console;
using static System.FormattableString;

namespace AdaQat.Benchmarks.Reporting;

/// <summary>The steps of one setting, for a person: a table in a terminal, Markdown in a pipe.</summary>
public static class RatioTable
{
    public static void Print(IAnsiConsole console, MeasuredSetting setting)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(setting);
        var withPython = setting.Steps.Any(step => step.AgainstPython is not null);
        var withMemory = setting.Steps.Any(step => step.Memory is not null);
        var table = new Table().Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Markdown);
        table.AddColumn(
            Invariant($"{setting.Title}, batch {setting.BatchSize}, {setting.Threads} {(setting.Threads == 1 ? "thread" : "threads")}"));
        string[] headings =
        [
            "ms a step", "middle half", "/ FP32", "middle half",
            .. withPython ? (string[])["/ Python's", "middle half"] : [],
            .. withMemory ? (string[])["MiB needed", "/ FP32", "MiB resident", "/ FP32"] : [],
        ];
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        }

        foreach (var step in setting.Steps)
        {
            string[] cells =
            [
                Title(step), .. Milliseconds(step.Time), .. Ratio(step.AgainstFp32),
                .. withPython ? Ratio(step.AgainstPython) : [],
                .. withMemory ? Memory(step) : [],
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    private static string Title(MeasuredStep step) => step.Runtime == "python" ? $"{step.Title} (Python)" : step.Title;

    private static string[] Milliseconds(Distribution time) =>
        [Invariant($"{1e3 * time.Median:0.0}"), Invariant($"{1e3 * time.LowerQuartile:0.0} to {1e3 * time.UpperQuartile:0.0}")];

    private static string[] Ratio(Distribution? ratio) => ratio is { } known
        ? [Invariant($"{known.Median:0.000}"), Invariant($"{known.LowerQuartile:0.000} to {known.UpperQuartile:0.000}")]
        : ["", ""];

    private static string[] Memory(MeasuredStep step) => step is { Memory: { } memory, Fp32Memory: { } fp32 }
        ? [.. Memory(memory.Needed, fp32.Needed), .. Memory(memory.Resident, fp32.Resident)]
        : ["", "", "", ""];

    private static string[] Memory(PeakMemory memory, PeakMemory fp32) =>
        [Invariant($"{memory.Growth / (double)(1 << 20):0}"), Invariant($"{(double)memory.Growth / fp32.Growth:0.000}")];
}
