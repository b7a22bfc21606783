using System.Diagnostics;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Steps;
using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Memory;

/// <summary>Measures its own process, which must be a fresh one: a peak never goes back.</summary>
internal static class PeakMemoryProbe
{
    /// <summary>Beyond one period: gradients, momentum and libtorch's buffers are there after the first steps.</summary>
    private const int Steps = 3;

    /// <summary>Enough to load libtorch's code, too small to leave memory behind that the measured steps would find and reuse.</summary>
    private static readonly (NetworkKind Network, int BatchSize) Small = (new("small", "ResNet-8", () => new CifarResNet(8)), 2);

    public static PeakMemory Measure(MemoryOptions options)
    {
        set_num_threads(options.Threads);
        Take(options with { Network = Small.Network, BatchSize = Small.BatchSize }, steps: 1, before: () => { });
        var resident = 0L;
        Take(options, options.Kind.Period + Steps, () => resident = Resident(process => process.WorkingSet64));
        return new PeakMemory(resident, Resident(process => process.PeakWorkingSet64));
    }

    private static void Take(MemoryOptions options, int steps, Action before)
    {
        using var batch = new SyntheticBatch(options.BatchSize, options.Network.Input);
        using var step = new NetworkStep(options.Network, options.Kind, batch);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        before();
        for (var i = 0; i < steps; i++)
        {
            step.Take();
        }
    }

    private static long Resident(Func<Process, long> read)
    {
        using var process = Process.GetCurrentProcess();
        return read(process);
    }
}
