using System.CommandLine;
using AdaQat.Benchmarks.Kernels;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The command line of the micro-benchmarks.</summary>
internal static class KernelsCommand
{
    private static readonly KernelOptions Defaults = new();

    public static Command Create(Func<KernelOptions, int> run)
    {
        var filter = TextOption.Create<string?>(
            "--filter",
            "GLOB",
            "Only benchmarks whose full name matches, as in '*Pact*Forward*'. [default: all]",
            "a pattern with * and ?",
            (string text, out string? value) => !string.IsNullOrWhiteSpace(value = text));
        var quick = TextOption.Switch("--quick", "Each once, to see that all of them run; the times mean nothing.");
        var command = new Command("kernels",
            "Times the quantizers alone, forward and backward, against a copy of the same bytes (BenchmarkDotNet).") { filter, quick };
        command.SetAction(result => run(new KernelOptions
        {
            Filter = result.Get(filter, Defaults.Filter)!,
            Quick = result.IsGiven(quick),
        }));
        return command;
    }
}
