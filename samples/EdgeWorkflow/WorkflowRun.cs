using System.Globalization;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace EdgeWorkflow;

/// <summary>The sample's course: data, a network, the walk.</summary>
public static class WorkflowRun
{
    private const int EvaluationBatchSize = 500;

    public static int Execute(WorkflowOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, () => DatasetSource.Load(
            new DataRequest(options.Data, options.TrainImages, options.TestImages, options.BatchSize), Console.WriteLine));
    }

    /// <param name="options">How.</param>
    /// <param name="load">Gives the images.</param>
    public static int Execute(WorkflowOptions options, Func<ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(load);
        using var interruption = new Interruption();
        Directory.CreateDirectory(options.Out);
        var device = TorchRuntime.Prepare(options.Threads);
        var dataset = load();
        var display = RunDisplay.ForConsole($"{options.Network}, {dataset.Name}");
        interruption.Requested += () => display.Say("Stopping after this step; Ctrl-C once more quits at once.");
        manual_seed(options.Seed);
        using var model = WorkflowNetwork.Create(options.Network);
        var report = Workflow.Run(
            model,
            ImageBatches.Training(dataset.Train, dataset.Normalization, options.BatchSize, options.Seed, device),
            ImageBatches.Evaluation(dataset.Test, dataset.Normalization, EvaluationBatchSize, device),
            options,
            display,
            interruption.Token);
        if (report is null)
        {
            throw new SampleException(
                string.Create(CultureInfo.InvariantCulture, $"--budget {options.Budget}: out of reach, as said above."), ExitCode.Usage);
        }

        display.Say($"The page, the plan and the figures are in {Path.GetFullPath(options.Out)}.");
        return ExitCode.Success;
    }
}
