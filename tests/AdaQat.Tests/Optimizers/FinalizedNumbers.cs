using System.Diagnostics;
using System.Runtime.InteropServices;
using AdaQat.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Optimizers;

/// <summary>An optimizer's steps beside a thread that makes garbage, as a program: whether, and when, one fails.</summary>
internal static class FinalizedNumbers
{
    public const string Verb = "finalized-numbers";

    /// <param name="optimizer">A name among <see cref="OptimizerCases"/>.</param>
    /// <param name="isHeld">Whether steps hold their numbers, or are TorchSharp's own.</param>
    /// <param name="seconds">For how long.</param>
    /// <returns>The exit code: 1 where a step failed. A failure in native code ends the process.</returns>
    public static int Run(string optimizer, bool isHeld, double seconds)
    {
        var chosen = OptimizerCases.Held[optimizer](Parameters());
        var (kind, clock, steps) = (isHeld ? "held" : "own", Stopwatch.StartNew(), 0);
        using var garbage = new GarbageThread();
        try
        {
            for (; clock.Elapsed.TotalSeconds < seconds; steps++)
            {
                if (isHeld)
                {
                    chosen.StepHeld();
                }
                else
                {
                    chosen.step();
                }
            }
        }
        catch (Exception fault) when (fault is ExternalException or InvalidOperationException)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{optimizer}, {kind} steps: step {steps + 1} failed after {clock.Elapsed.TotalSeconds:0.0} s: ")
                + fault.Message.Split('\n')[0]);
            return 1;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{optimizer}, {kind} steps: none of {steps} failed in {seconds:0.0} s, with {GC.CollectionCount(0)} collections."));
        return 0;
    }

    /// <summary>Small ones, so that most of a step's time is between numbers and libtorch; each has a gradient.</summary>
    public static IReadOnlyList<Parameter> Parameters()
    {
        manual_seed(1);
        List<Parameter> parameters = [.. Enumerable.Range(0, 40).Select(_ => new Parameter(randn(16)))];
        parameters.ForEach(parameter => parameter.grad = randn(16));
        return parameters;
    }
}
