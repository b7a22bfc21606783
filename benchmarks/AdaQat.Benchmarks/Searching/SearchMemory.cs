using System.Diagnostics;
using System.Globalization;
using AdaQat.Benchmarks.CommandLine;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.Searching;

/// <summary>
/// What steps need at most in memory, resident, beside what the process had before the network was built: each kind in a process of its
/// own, whose C library gives freed tensors back at once.
/// </summary>
internal static class SearchMemory
{
    private const int Steps = 4;
    private const int SmallBatch = 2;

    /// <summary>Of this process, which must be a fresh one: a peak never goes back.</summary>
    public static long MeasureHere(int candidates, int batchSize)
    {
        // Libtorch's code is loaded by steps too small to leave memory behind.
        Take(candidates, SmallBatch);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Resident(process => process.WorkingSet64);
        Take(candidates, batchSize);
        return Resident(process => process.PeakWorkingSet64) - before;
    }

    /// <exception cref="SampleException">The process ended without an answer; the message says with what.</exception>
    public static long MeasureInChild(int candidates, SearchOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        // Started through the host, this program is the host's first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet")
        {
            start.ArgumentList.Add(typeof(SearchMemory).Assembly.Location);
        }

        foreach (var argument in SearchCommand.Arguments(options with { MemoryOf = candidates }))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && long.TryParse(answer, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : throw new SampleException(
                $"The memory of {candidates} candidates is not known: its process ended with {process.ExitCode}: {errors.Result.Trim()} "
                + "(--no-memory leaves memory out.)");
    }

    private static void Take(int candidates, int batchSize)
    {
        if (candidates > 0)
        {
            SearchWork.TakeSearchSteps(candidates, batchSize, done => done < Steps);
            return;
        }

        using var plain = new SearchWork.PlainStep(batchSize);
        for (var step = 0; step < Steps; step++)
        {
            plain.Take();
        }
    }

    private static long Resident(Func<Process, long> read)
    {
        using var process = Process.GetCurrentProcess();
        return read(process);
    }
}
