using System.CommandLine;
using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Integers;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The command line of the ONNX files' sizes and times.</summary>
internal static class OnnxCommand
{
    private static readonly OnnxTimesOptions Defaults = new();

    public static Command Create(Func<OnnxTimesOptions, int> run)
    {
        var rounds = TextOption.WholeNumber(
            "--rounds", "N", $"Rounds that count, in which every file has a turn. [default: {Defaults.Rounds}]", 1, 100_000);
        var bits = ListOption.Integers(
            "--bits", $"Widths of weights and activations. [default: {string.Join(',', Defaults.Bits)}]", 2, 8, "4,8");
        var networks = ListOption.Choices(
            "--networks", "The networks; each is measured. Which there are: "
            + $"{string.Join(", ", SideBySide.Networks.Select(kind => kind.Name))}. "
            + $"[default: {string.Join(',', Defaults.Networks.Select(kind => kind.Name))}]",
            SideBySide.Networks.ToDictionary(kind => kind.Name, StringComparer.Ordinal));
        var command = new Command(
            "onnx", "Sizes and times of ONNX files, float32 and quantized in each form, in ONNX Runtime, beside AdaQat.Runtime.")
        {
            networks, bits, rounds,
        };
        command.SetAction(result => run(new OnnxTimesOptions
        {
            Rounds = result.Get(rounds, Defaults.Rounds),
            Bits = result.Get(bits, Defaults.Bits)!,
            Networks = result.Get(networks, Defaults.Networks)!,
        }));
        return command;
    }
}
