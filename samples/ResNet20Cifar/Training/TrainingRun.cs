using System.Diagnostics;
using System.Globalization;
using AdaQat;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Output;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>One run from its first (or next) step to its last, or to an interruption.</summary>
public sealed class TrainingRun(RunOptions options, ImageDataset dataset, Device device, RunFolder folder, IRunDisplay display)
{
    /// <summary>
    /// Trains, measures, writes. Returns the record; null where it was interrupted, with all that is needed to go on in the folder.
    /// </summary>
    public RunRecord? Execute(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var setup = new TrainingSetup(options, dataset, device);
        var goesOn = options.Resume && File.Exists(folder.CheckpointPath);
        if (!goesOn)
        {
            // A run that was stopped before its first checkpoint goes on from its beginning, too. What is refused here leaves no folder.
            setup.Begin();
        }

        folder.SaveOptions(options);
        display.Say($"Results go to {folder.Path}.");
        var trainer = setup.CreateTrainer(folder, new HistoryFile(folder.HistoryPath), display);
        if (goesOn)
        {
            trainer.Resume(folder.CheckpointPath);
            display.Say(string.Create(CultureInfo.InvariantCulture, $"Going on after step {trainer.Progress.Step:N0}."));
        }

        var result = options.Epochs == 0
            ? new TrainingResult(Steps: 0, Completed: true, Last: null) : trainer.Fit(setup.Train, setup.Test, cancellation);
        if (!result.Completed)
        {
            return null;
        }

        var measured = result.Last?.Test ?? trainer.Evaluate(setup.Test, cancellation);
        var record = Record(setup, measured.Accuracy!.Value, result.Steps, clock.Elapsed);
        folder.SaveRecord(record);
        display.Say(setup.Quantized?.Summary().ToString() ?? "");
        if (options.Export is { } path)
        {
            foreach (var line in setup.Export(path))
            {
                display.Say(line);
            }
        }

        return record;
    }

    private RunRecord Record(TrainingSetup setup, double accuracy, long steps, TimeSpan time)
    {
        var summary = setup.Summary();
        var widths = setup.Quantized is null ? null : WidthReading.Of(setup.Quantized);
        var layers = setup.Quantized?.Layers ?? [];
        return new RunRecord(
            accuracy,
            widths?.WeightBits ?? ModelSummary.FloatBits,
            widths?.ActivationBits ?? ModelSummary.FloatBits,
            widths?.WeightFrozenAtStep,
            widths?.ActivationFrozenAtStep,
            widths is null ? (double)summary.Macs * ModelSummary.FloatBits * ModelSummary.FloatBits : summary.BitOps,
            setup.Widths?.Lambda,
            options.TargetBitOps,
            widths is null ? 1 : summary.WeightCompression,
            steps,
            time.TotalSeconds,
            dataset.Name,
            dataset.Train.Count,
            dataset.Test.Count,
            TorchRuntime.Version,
            get_num_threads(),
            [.. layers.Select(layer => new LayerRecord(layer.Name, layer.WeightBits.Bits, layer.ActivationBits.Bits, layer.Profile.Macs))],
            options);
    }
}
