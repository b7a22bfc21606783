using System.Diagnostics;
using AdaQat.Benchmarks.Inference;
using AdaQat.Runtime;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Integers;

/// <summary>
/// Times integer models: beside other programs, or alone, of ResNet-20's shape at several widths, an image and a batch on one thread and on
/// two.
/// </summary>
public static class IntegerRun
{
    public static int Execute(IntegerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Alone)
        {
            return SideBySide.Execute(options);
        }

        Console.WriteLine(PeakRate.Describe(PeakRate.Measure()));
        Console.WriteLine("ResNet-20's shape, random weights, first and last layer at 8 bits. ms an image.");
        Console.WriteLine(
            $"{"bits",-6} {"joins",-8} {"batch",5} {"threads",7} {"best",8} {"median",8} {"GMAC/s",7} {"file",8} {"memory",8}");
        foreach (var (weights, activations) in ((int, int)[])[(2, 2), (4, 4), (8, 8)])
        {
            foreach (var stream in (bool[])[true, false])
            {
                var model = IntegerResNet20.Make(weights, activations, stream);
                foreach (var (batch, threads) in ((int, int)[])[(1, 1), (1, 2), (32, 1), (32, 2)])
                {
                    Print(model, $"{weights}/{activations}", stream ? "stream" : "codes", batch, threads,
                        Math.Max(10, options.Repetitions / batch));
                }
            }
        }

        return ExitCode.Success;
    }

    private static void Print(IntegerModel model, string bits, string joins, int batch, int threads, int repetitions)
    {
        using var context = model.CreateContext(batch, threads);
        new Random(1).NextBytes(context.ByteInput());
        for (var i = 0; i < repetitions / 4; i++)
        {
            context.Run(batch);
        }

        var times = new double[repetitions];
        for (var i = 0; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            context.Run(batch);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / batch;
        }

        Array.Sort(times);
        Console.WriteLine(
            $"{bits,-6} {joins,-8} {batch,5} {threads,7} {times[0],8:F3} {times[repetitions / 2],8:F3} "
            + $"{model.Macs / times[repetitions / 2] / 1e6,7:F0} {model.Bytes.File,8} {model.PeakMemory,8}");
    }
}
