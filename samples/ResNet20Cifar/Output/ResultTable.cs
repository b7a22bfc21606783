using System.Globalization;
using AdaQat.Training;
using Spectre.Console;

namespace ResNet20Cifar.Output;

/// <summary>The outcome of a run, for a person.</summary>
public static class ResultTable
{
    public static void Print(IAnsiConsole console, RunRecord record, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(folder);
        var target = record.TargetBitOps is { } most ? Invariant($", allowed were {most / 1e9:0.000} G") : "";
        var table = new Table().RoundedBorder().AddColumn("Result").AddColumn("");
        Add("Test accuracy", Invariant($"{RunText.Percent(record.TestAccuracy)} of {record.TestImages:N0} images"));
        Add("Weight bits", Bits(record.WeightBits, record.WeightFrozenAtStep));
        Add("Activation bits", Bits(record.ActivationBits, record.ActivationFrozenAtStep));
        Add("Bit operations", Invariant($"{record.BitOps / 1e9:0.000} G an image") + target);
        Add("Weights", Invariant($"{record.WeightCompression:0.00} times smaller than float32"));
        Add("Training", Invariant($"{record.Steps:N0} steps, {RunText.Duration(TimeSpan.FromSeconds(record.Seconds))}"));
        Add("Written to", folder.RecordPath);
        console.Write(table);

        void Add(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
    }

    private static string Bits(double bits, long? frozen) =>
        Invariant($"{bits:0.##}") + (frozen is { } step ? Invariant($", frozen at step {step:N0}") : "");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
