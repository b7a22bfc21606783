using System.Globalization;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Searching;

/// <summary>What a step of the search for channels costs beside a plain quantized one: a table in Markdown.</summary>
public static class SearchRun
{
    public static int Execute(SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        set_num_threads(options.Threads);
        if (options.MemoryOf is { } alone)
        {
            Console.WriteLine(SearchMemory.MeasureHere(alone, options.BatchSize).ToString(CultureInfo.InvariantCulture));
            return ExitCode.Success;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ResNet-20 of 2 bits, batch {options.BatchSize}, threads {options.Threads}, {options.Rounds} rounds.\n"));
        Console.WriteLine(
            "| candidates | plain ms, best | search ms, best | ratio of the best | of the medians | plain MB | search MB | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var plainMemory = options.Memory ? SearchMemory.MeasureInChild(0, options) : (long?)null;
        foreach (var candidates in options.Candidates)
        {
            var time = SearchTiming.Measure(candidates, options);
            var memory = options.Memory ? SearchMemory.MeasureInChild(candidates, options) : (long?)null;
            var ofMemory = memory / (double?)plainMemory;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {candidates} | {time.PlainBest:0} | {time.Best:0} | {time.Best / time.PlainBest:0.00} | ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{time.Median / time.PlainMedian:0.00} | {plainMemory / 1e6:0} | {memory / 1e6:0} | {ofMemory:0.00} |"));
        }

        return ExitCode.Success;
    }
}
