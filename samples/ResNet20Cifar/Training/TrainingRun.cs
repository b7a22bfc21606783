using System.Diagnostics;
using System.Globalization;
using AdaQat;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Data;
using ResNet20Cifar.Output;
using ResNet20Cifar.Output.Progress;
using TorchSharp;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>One run from its first (or next) step to its last, or to an interruption.</summary>
public sealed class TrainingRun(
    RunOptions options, TrainingRecipe recipe, ImageDataset dataset, Device device, RunFolder folder, IRunProgress progress)
{
    /// <summary>
    /// Trains, measures, writes. Returns the record; null where it was interrupted, with all that is needed to go on in the folder.
    /// </summary>
    public RunRecord? Execute(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        manual_seed(options.Seed);
        using var setup = new TrainingSetup(options, recipe, dataset, device);
        var trainer = CreateTrainer(setup);
        StartFrom(setup, trainer);

        var widths = setup.Quantized is null ? null : new WidthReadings(setup.Quantized);
        using var history = HistoryFile.Continue(folder.HistoryPath, trainer.Progress.Step, trainer.Progress.Epoch);
        new HistoryRecorder(trainer, widths, history, progress).Listen();
        if (setup.Quantized is not null)
        {
            setup.Quantized.Warning += (_, warning) => progress.Say($"Warning: {warning.Message}");
        }

        var result = new TrainingResult(Steps: 0, Completed: true, Last: null);
        if (options.Epochs > 0)
        {
            progress.Around(Plan(setup, trainer), () => result = trainer.Fit(setup.Train, setup.Test, cancellation));
        }

        if (!result.Completed)
        {
            return null;
        }

        var measured = result.Last?.Test ?? trainer.Evaluate(setup.Test);
        var record = Record(setup, widths, measured, result.Steps, clock.Elapsed);
        folder.SaveRecord(record);
        if (setup.Quantized is not null)
        {
            progress.Say(setup.Quantized.Summary().ToString());
        }

        return record;
    }

    private AdaQatTrainer CreateTrainer(TrainingSetup setup)
    {
        var how = new TrainerOptions
        {
            // A run of no epochs never asks the trainer to train.
            Epochs = Math.Max(1, options.Epochs),
            CheckpointPath = folder.CheckpointPath,
            CheckpointInterval = recipe.CheckpointInterval,
            ParetoFolder = options.Front ? folder.FrontPath : null,
            Distillation = setup.Distillation,
        };
        return setup switch
        {
            { Widths: { } widths } => new AdaQatTrainer(widths, setup.Weights, Loss, how),
            { Quantized: { } quantized } => new AdaQatTrainer(quantized, setup.Weights, Loss, how),
            _ => new AdaQatTrainer(setup.Model, setup.Weights, Loss, how),
        };

        static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);
    }

    /// <summary>A run that was stopped before its first checkpoint goes on from its beginning.</summary>
    private void StartFrom(TrainingSetup setup, AdaQatTrainer trainer)
    {
        if (options.Resume && File.Exists(folder.CheckpointPath))
        {
            trainer.Resume(folder.CheckpointPath);
            progress.Say(string.Create(CultureInfo.InvariantCulture, $"Going on after step {trainer.Progress.Step:N0}."));
        }
        else
        {
            setup.Begin();
        }
    }

    private RunPlan Plan(TrainingSetup setup, AdaQatTrainer trainer)
    {
        var what = options.Mode switch
        {
            RunMode.Unquantized => "float32",
            RunMode.FixedBits => $"{options.FixedBits!.Weights} weight bits, {options.FixedBits.Activations} activation bits",
            _ => options.TargetBitOps is { } target
                ? string.Create(CultureInfo.InvariantCulture, $"AdaQAT, at most {target / 1e9:0.000} G bit operations")
                : string.Create(CultureInfo.InvariantCulture, $"AdaQAT, λ = {options.Lambda}"),
        };
        return new RunPlan(
            $"ResNet-20, {what}, {dataset.Name}", options.Epochs, setup.Train.BatchesPerEpoch, options.BatchSize, trainer.Progress.Step);
    }

    private RunRecord Record(TrainingSetup setup, WidthReadings? widths, Evaluation measured, long steps, TimeSpan time)
    {
        var summary = setup.Quantized?.Summary();
        var reading = widths?.Now();
        return new RunRecord
        {
            TestAccuracy = measured.Accuracy!.Value,
            WeightBits = reading?.WeightBits ?? ModelSummary.FloatBits,
            ActivationBits = reading?.ActivationBits ?? ModelSummary.FloatBits,
            WeightFrozenAtStep = widths?.WeightFrozenAtStep(),
            ActivationFrozenAtStep = widths?.ActivationFrozenAtStep(),
            BitOps = summary?.BitOps ?? (double)setup.CountMacs() * ModelSummary.FloatBits * ModelSummary.FloatBits,
            Lambda = setup.Widths?.Lambda,
            TargetBitOps = options.TargetBitOps,
            WeightCompression = summary?.WeightCompression ?? 1,
            Steps = steps,
            Seconds = time.TotalSeconds,
            Dataset = dataset.Name,
            TrainImages = dataset.Train.Count,
            TestImages = dataset.Test.Count,
            TorchVersion = TorchRuntime.Version,
            Threads = get_num_threads(),
            Layers =
            [
                .. (setup.Quantized?.Layers ?? []).Select(
                    layer => new LayerRecord(layer.Name, layer.WeightBits.Bits, layer.ActivationBits.Bits, layer.Profile.Macs)),
            ],
            Options = options,
        };
    }
}
