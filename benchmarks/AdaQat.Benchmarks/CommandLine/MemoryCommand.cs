using System.CommandLine;
using System.Globalization;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Steps;
using Samples.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>How this program asks itself, in another process, for the memory of one kind of step.</summary>
internal static class MemoryCommand
{
    private const string Name = "memory";
    private const string Kind = "--kind";
    private const string Network = "--network";
    private const string BatchSize = "--batch-size";
    private const string Threads = "--threads";

    public static Command Create(Func<MemoryOptions, int> run)
    {
        var kind = TextOption.Choice(Kind, "NAME", "The step.", StepKinds.All.ToDictionary(k => k.Name, StringComparer.Ordinal));
        var network = TextOption.Choice(
            Network, "NAME", "The network.", NetworkKinds.All.ToDictionary(k => k.Name, StringComparer.Ordinal));
        var batchSize = TextOption.WholeNumber(BatchSize, "N", "Images a step.", 1, 4096);
        var threads = TextOption.WholeNumber(Threads, "N", "CPU threads.", 1, 1024);
        kind.Required = network.Required = batchSize.Required = threads.Required = true;
        var command = new Command(Name, "Measures the memory of one kind of step in this process.") { kind, network, batchSize, threads };
        command.Hidden = true;
        command.SetAction(result => run(new MemoryOptions
        {
            Kind = result.GetRequiredValue(kind),
            Network = result.GetRequiredValue(network),
            BatchSize = result.GetRequiredValue(batchSize),
            Threads = result.GetRequiredValue(threads),
        }));
        return command;
    }

    /// <summary>The command line that comes back as <paramref name="options"/>.</summary>
    public static IReadOnlyList<string> Arguments(MemoryOptions options) =>
    [
        Name, Kind, options.Kind.Name, Network, options.Network.Name, BatchSize, Text(options.BatchSize), Threads, Text(options.Threads),
    ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
