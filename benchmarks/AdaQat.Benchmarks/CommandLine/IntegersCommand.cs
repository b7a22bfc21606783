using System.CommandLine;
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
            "--repetitions", "N", $"Runs that count. [default: {Defaults.Repetitions}]", 1, 1_000_000);
        var command = new Command(
            "integers", "Times integer models of ResNet-20's shape at 2, 4 and 8 bits, in AdaQat.Runtime alone.") { repetitions };
        command.SetAction(result => run(new IntegerOptions { Repetitions = result.Get(repetitions, Defaults.Repetitions) }));
        return command;
    }
}
