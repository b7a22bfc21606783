using System.CommandLine;
using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Integers;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The command line of the integer models' times.</summary>
internal static class IntegersCommand
{
    private static readonly IntegerOptions Defaults = new();

    public static Command Create(Func<IntegerOptions, int> run)
    {
        var repetitions = TextOption.WholeNumber(
            "--repetitions", "N", $"Runs that count with --alone. [default: {Defaults.Repetitions}]", 1, 1_000_000);
        var rounds = TextOption.WholeNumber(
            "--rounds", "N", $"Rounds that count, in which every program has a turn. [default: {Defaults.Rounds}]", 1, 100_000);
        var bits = ListOption.Integers(
            "--bits", $"Widths of weights and activations. [default: {string.Join(',', Defaults.Bits)}]", 2, 8, "4,8");
        var names = string.Join(", ", SideBySide.Networks.Select(kind => kind.Name));
        var networks = ListOption.Choices(
            "--networks", $"The networks; each is measured. Which there are: {names}. "
            + $"[default: {string.Join(',', Defaults.Networks.Select(kind => kind.Name))}]",
            SideBySide.Networks.ToDictionary(kind => kind.Name, StringComparer.Ordinal));
        var folder = TextOption.FilePath("--save", "DIR", "A folder for the networks' files. [default: none is kept]");
        var alone = TextOption.Switch(
            "--alone", "No other programs: ResNet-20's shape at 2, 4 and 8 bits, with fixed-point sums and with codes.");
        var command = new Command(
            "integers", "Times networks in integers, beside ONNX Runtime in bytes and in float32 and libtorch in float32.")
        {
            networks, bits, rounds, folder, alone, repetitions,
        };
        command.SetAction(result => run(new IntegerOptions
        {
            Alone = result.IsGiven(alone),
            Repetitions = result.Get(repetitions, Defaults.Repetitions),
            Rounds = result.Get(rounds, Defaults.Rounds),
            Bits = result.Get(bits, Defaults.Bits)!,
            Folder = result.Get(folder, Defaults.Folder),
            Networks = result.Get(networks, Defaults.Networks)!,
        }));
        return command;
    }
}
