using System.CommandLine;
using System.Globalization;
using AdaQat.Benchmarks.Searching;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>The command line of the search for channels' cost, which also asks this program in another process.</summary>
internal static class SearchCommand
{
    private const string Name = "search";
    private const string BatchSize = "--batch-size";
    private const string Threads = "--threads";
    private const string MemoryOf = "--memory-of";

    private static readonly SearchOptions Defaults = new();

    public static Command Create(Func<SearchOptions, int> run)
    {
        var candidates = ListOption.Integers(
            "--candidates", $"How many each layer has; each number is measured. [default: {string.Join(',', Defaults.Candidates)}]", 2, 32,
            "2,8");
        var batchSize = TextOption.WholeNumber(BatchSize, "N", $"Images a batch. [default: {Defaults.BatchSize}]", 1, 4096);
        var threads = TextOption.WholeNumber(Threads, "N", $"CPU threads. [default: {Defaults.Threads}]", 1, 1024);
        var rounds = TextOption.WholeNumber("--rounds", "N", $"Rounds that count. [default: {Defaults.Rounds}]", 1, 100_000);
        var noMemory = TextOption.Switch("--no-memory", "Leave out memory, for which every kind of step gets a process of its own.");
        var memoryOf = TextOption.WholeNumber(
            MemoryOf, "N", "Only print the bytes that steps with N candidates need in this process; 0 is the plain step.", 0, 32);
        var command = new Command(Name, "Times steps of the search for channels beside plain ones, and compares their memory.")
        {
            candidates, batchSize, threads, rounds, noMemory, memoryOf,
        };
        command.SetAction(result => run(new SearchOptions
        {
            Candidates = result.Get(candidates, Defaults.Candidates)!,
            BatchSize = result.Get(batchSize, Defaults.BatchSize),
            Threads = result.Get(threads, Defaults.Threads),
            Rounds = result.Get(rounds, Defaults.Rounds),
            Memory = !result.IsGiven(noMemory),
            MemoryOf = result.Given(memoryOf),
        }));
        return command;
    }

    /// <summary>The command line by which a process measures memory for another.</summary>
    public static IReadOnlyList<string> Arguments(SearchOptions options) =>
    [
        Name, BatchSize, Text(options.BatchSize), Threads, Text(options.Threads), MemoryOf, Text(options.MemoryOf!.Value),
    ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
