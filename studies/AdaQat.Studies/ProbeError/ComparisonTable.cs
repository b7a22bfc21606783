using Spectre.Console;
using static System.FormattableString;

namespace AdaQat.Studies.ProbeError;

/// <summary>The comparison for a person: a table in a terminal, Markdown in a pipe.</summary>
internal static class ComparisonTable
{
    /// <summary>Tables are wider than the 80 columns that a pipe is taken for.</summary>
    private const int PipeWidth = 160;

    public static void Print(IAnsiConsole console, ProbeErrorOptions options, IReadOnlyList<Observation> observations)
    {
        var isTerminal = console.Profile.Out.IsTerminal;
        if (!isTerminal)
        {
            console.Profile.Width = PipeWidth;
        }

        var steps = observations.Max(o => o.Step);
        var table = new Table().Border(isTerminal ? TableBorder.Rounded : TableBorder.Markdown);
        table.AddColumn(
            Invariant(
                $"W{options.WeightBits}A{options.ActivationBits}, {steps} steps of {options.BatchSize}, {options.Probes} measured a step"));
        foreach (var heading in (string[])["correlation", "relative RMSE", "bias", "single steps: correlation", "relative RMSE"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var comparison in Comparison.All(observations))
        {
            var (means, each) = (comparison.OfMeans, comparison.OfSteps);
            table.AddRow(
                Invariant($"{comparison.Kind}: {comparison.Method} ({means.Widths} widths)"), Number(means.Correlation),
                    Number(means.RelativeError),
                Number(means.RelativeBias), Number(each.Correlation), Number(each.RelativeError));
        }

        console.Write(table);
    }

    private static string Number(double value) => Invariant($"{value:0.00}");
}
