using System.Diagnostics;
using System.Globalization;
using Samples.CommandLine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Soak;

/// <summary>Trains, or captures graphs, on and on, and watches memory.</summary>
public static class SoakRun
{
    private const double Mebi = 1 << 20;

    public static int Execute(SoakOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        set_num_threads(Environment.ProcessorCount);
        manual_seed(1);
        using ISoakedWork work = options.Captures ? new SoakCaptures() : new SoakTraining();
        Console.WriteLine(work.Describe(options.Steps));
        Console.WriteLine("|   step | resident MiB | managed MiB | live tensors | seconds |");
        Console.WriteLine("|-------:|-------------:|------------:|-------------:|--------:|");
        var samples = new List<SoakSample>();
        var clock = Stopwatch.StartNew();
        for (var step = 1; step <= options.Steps; step++)
        {
            work.Take(step);
            if (step % options.StepsPerSample == 0)
            {
                samples.Add(Look(step));
                Console.WriteLine(Row(samples[^1], clock.Elapsed));
            }
        }

        var verdict = SoakVerdict.Of(samples);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"After warming up the resident set changed by {100 * verdict.Growth:+0.00;-0.00;0.00} % (allowed: "
            + $"{100 * SoakVerdict.Tolerance:+0} %); tensors left over: {verdict.TensorsLeft}."));
        return verdict.IsFlat ? ExitCode.Success : ExitCode.Failure;
    }

    private static SoakSample Look(int step)
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return new SoakSample(step, process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), live);
    }

    private static string Row(SoakSample sample, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {sample.Step,6} | {sample.Resident / Mebi,12:0.0} | {sample.Managed / Mebi,11:0.0} | {sample.LiveTensors,12} | "
        + $"{elapsed.TotalSeconds,7:0} |");
}
