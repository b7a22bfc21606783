using Spectre.Console;
using static ResNet20Cifar.Output.Progress.ProgressText;

namespace ResNet20Cifar.Output;

/// <summary>The outcome of a run, for a person.</summary>
public static class ResultTable
{
    public static void Print(IAnsiConsole console, RunRecord record, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(folder);
        var table = new Table().RoundedBorder().AddColumn("Result").AddColumn("");
        Add(table, "Test accuracy", Invariant($"{Percent(record.TestAccuracy)} of {record.TestImages:N0} images"));
        Add(table, "Weight bits", Bits(record.WeightBits, record.WeightFrozenAtStep));
        Add(table, "Activation bits", Bits(record.ActivationBits, record.ActivationFrozenAtStep));
        var target = record.TargetBitOps is { } most ? Invariant($", allowed were {most / 1e9:0.000} G") : "";
        Add(table, "Bit operations", Invariant($"{record.BitOps / 1e9:0.000} G an image") + target);
        Add(table, "Weights", Invariant($"{record.WeightCompression:0.00} times smaller than float32"));
        Add(table, "Training", Invariant($"{record.Steps:N0} steps, {Duration(TimeSpan.FromSeconds(record.Seconds))}"));
        Add(table, "Written to", folder.RecordPath);
        console.Write(table);
    }

    private static void Add(Table table, string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));

    private static string Bits(double bits, long? frozen) =>
        Invariant($"{bits:0.##}") + (frozen is { } step ? Invariant($", frozen at step {step:N0}") : "");
}
