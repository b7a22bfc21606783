using System.CommandLine;
using AdaQat.Benchmarks.Soak;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The command line of the soak.</summary>
internal static class SoakCommand
{
    private static readonly SoakOptions Defaults = new();

    public static Command Create(Func<SoakOptions, int> run)
    {
        var steps = TextOption.WholeNumber(
            "--steps", "N", $"Training steps. [default: {Defaults.Steps}]", SoakOptions.FewestSteps, 100_000_000);
        var captures = TextOption.Switch("--captures", "Capture a model's graph in each step, instead of training.");
        var command = new Command(
            "soak",
            "Trains a small network for thousands of steps, with evaluations, detaching, attaching and exceptions in between, and "
            + "watches memory. " +
            "Exit code 1 where the resident set grows by more than 1 % after warming up, or a tensor is left over.") { steps, captures };
        command.SetAction(result => run(new SoakOptions
        {
            Steps = result.Get(steps, Defaults.Steps),
            Captures = result.IsGiven(captures),
        }));
        return command;
    }
}
