using System.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>cuda</c>.</summary>
public static class OnCudaCommand
{
    /// <param name="study">Does what a good command line asks for, with the number of steps to train; returns the exit code.</param>
    public static Command Create(Func<int, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        const int Usual = 300;
        var steps = TextOption.WholeNumber("--steps", "N", $"Steps over which memory is watched. [default: {Usual}]", 20, 100_000);
        var command = new Command("cuda", "Shows on a GPU that what holds on the CPU holds there, and what a step costs.") { steps };
        command.SetAction(result => study(result.Or(steps, Usual)));
        return command;
    }
}
