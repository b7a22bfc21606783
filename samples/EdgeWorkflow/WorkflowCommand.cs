using System.CommandLine;
using Samples.CommandLine;

namespace EdgeWorkflow;

/// <summary>The command line.</summary>
public static class WorkflowCommand
{
    /// <summary>Runs the command line. What is wrong with it goes to <paramref name="error"/>, all of it, with exit code 2.</summary>
    /// <param name="arguments">Words.</param>
    /// <param name="output">Takes the help.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <param name="run">Does what a good command line asks for; returns the exit code.</param>
    public static int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Func<WorkflowOptions, int> run)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(run);
        var defaults = new WorkflowOptions();
        var data = TextOption.FilePath(
            "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");
        var network = TextOption.Choice(
            "--network",
            "NAME",
            $"The network. [default: {defaults.Network}]",
            WorkflowNetwork.Names.ToDictionary(name => name, StringComparer.Ordinal));
        var epochs = TextOption.WholeNumber("--epochs", "N", $"Epochs in float. [default: {defaults.Epochs}]", 1);
        var fineTuning = TextOption.WholeNumber(
            "--fine-tuning-epochs", "N", $"Epochs of fine-tuning with AdaQAT. [default: {defaults.FineTuningEpochs}]", 1);
        var budget = TextOption.Number(
            "--budget",
            "X",
            $"Bit operations allowed, as a share of those with 8 bits everywhere. [default: {defaults.Budget}]",
            "numbers above 0, up to 1",
            value => value is > 0 and <= 1);
        var batchSize = TextOption.WholeNumber("--batch-size", "N", $"Images a step. [default: {defaults.BatchSize}]", 1, 50_000);
        var trainImages = TextOption.WholeNumber("--train-images", "N", "Training images used. [default: all]", 1, 50_000);
        var testImages = TextOption.WholeNumber("--test-images", "N", "Test images used. [default: all]", 1, 10_000);
        var folder = TextOption.FilePath("--out", "DIR", $"Where reports go. [default: {defaults.Out}]");
        var seed = TextOption.Seed($"Weights, order and augmentation. [default: {defaults.Seed}]");
        var threads = TextOption.WholeNumber("--threads", "N", "CPU threads. [default: all processors]", 1, 1024);
        var root = new RootCommand("The workflow for edge devices: train, calibrate, analyse, allocate, fine-tune with AdaQAT, evaluate.")
        {
            data, network, epochs, fineTuning, budget, batchSize, trainImages, testImages, folder, seed, threads,
        };
        root.SetAction(result => run(new WorkflowOptions
        {
            Data = result.Or(data, null),
            Network = result.Or(network, defaults.Network)!,
            Epochs = result.Or(epochs, defaults.Epochs),
            FineTuningEpochs = result.Or(fineTuning, defaults.FineTuningEpochs),
            Budget = result.Or(budget, defaults.Budget),
            BatchSize = result.Or(batchSize, defaults.BatchSize),
            TrainImages = result.Given(trainImages),
            TestImages = result.Given(testImages),
            Out = result.Or(folder, defaults.Out)!,
            Seed = result.Or(seed, defaults.Seed),
            Threads = result.Given(threads),
        }));

        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0 || parsed.Action is System.CommandLine.Help.HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }

        foreach (var fault in parsed.Errors)
        {
            error.WriteLine(fault.Message);
        }

        error.WriteLine("--help lists the options.");
        return ExitCode.Usage;
    }
}
