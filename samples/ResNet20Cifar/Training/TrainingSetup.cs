using AdaQat;
using AdaQat.Quantizers;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Data;
using ResNet20Cifar.Data.Batching;
using ResNet20Cifar.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>Everything that a run consists of, put together from its options: model, quantizers, optimizers, batches.</summary>
public sealed class TrainingSetup : IDisposable
{
    private readonly RunOptions _options;
    private readonly TrainingRecipe _recipe;

    public TrainingSetup(RunOptions options, TrainingRecipe recipe, ImageDataset dataset, Device device)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(dataset);
        (_options, _recipe) = (options, recipe);
        Train = new TrainingBatches(dataset.Train, dataset.Normalization, options.BatchSize, options.Seed, device);
        Test = new EvaluationBatches(dataset.Test, dataset.Normalization, recipe.EvaluationBatchSize, device);
        Example = new EvaluationBatches(dataset.Train.Take(1), dataset.Normalization, 1, device);
        Model = new ResNet20();
        Model.to(device);
        if (options.Mode != RunMode.Unquantized)
        {
            Quantized = Attach(QuantizationOf(options));
        }

        Weights = CreateOptimizer();
        if (options.Mode == RunMode.AdaQat)
        {
            Widths = new BitWidthOptimizer(Quantized!, WidthOptions());
        }

        if (options.Distill is { } teacher)
        {
            Teacher = new ResNet20();
            Teacher.to(device);
            Checkpoint.LoadWeights(teacher.Checkpoint, Teacher);
            Distillation = new Distillation(Teacher, teacher.Temperature, teacher.Weight);
        }
    }

    public ResNet20 Model { get; }

    /// <summary>The quantized layers; null where nothing is quantized.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>The optimizer of parameters.</summary>
    public SGD Weights { get; }

    /// <summary>The optimizer of bit-widths; null where none is learned.</summary>
    public BitWidthOptimizer? Widths { get; }

    /// <summary>What is learned from besides the labels; null without a teacher.</summary>
    public Distillation? Distillation { get; }

    public TrainingBatches Train { get; }

    public EvaluationBatches Test { get; }

    private EvaluationBatches Example { get; }

    private ResNet20? Teacher { get; }

    private long Steps => (long)Train.BatchesPerEpoch * _options.Epochs;

    /// <summary>Brings the network to where the run begins: trained weights, ranges, statistics, as far as they are asked for.</summary>
    public void Begin()
    {
        RequireBatches("--calibrate", _options.Calibrate);
        RequireBatches("--reestimate-batch-norm", _options.ReestimateBatchNorm);
        if (_options.Init is { } checkpoint)
        {
            Checkpoint.LoadWeights(checkpoint, Model);
        }

        if ((_options.Calibrate ?? (IsLeftToTestImages() ? 1 : null)) is { } calibrating)
        {
            Quantized!.Calibrate(Train, calibrating);
        }

        if (_options.ReestimateBatchNorm is { } averaged)
        {
            BatchNormStatistics.Reestimate(Model, Train, averaged);
        }
    }

    /// <summary>Multiply-accumulate operations for one image; found by attaching for a moment where nothing is quantized.</summary>
    public long CountMacs()
    {
        if (Quantized is not null)
        {
            return Quantized.Summary().Macs;
        }

        using var forAMoment = Attach(new QuantizationOptions());
        return forAMoment.Summary().Macs;
    }

    public void Dispose()
    {
        Quantized?.Dispose();
        Weights.Dispose();
        Teacher?.Dispose();
        Model.Dispose();
    }

    /// <summary>
    /// Whether ranges would start from the first test batch, there being no training: the first training batch is what they are due.
    /// </summary>
    private bool IsLeftToTestImages() =>
        _options.Epochs == 0 && Quantized is not null && Quantized.Layers.Any(layer => !layer.ActivationQuantizer.IsCalibrated);

    private void RequireBatches(string option, int? batches)
    {
        if (batches > Train.BatchesPerEpoch)
        {
            throw new SampleException(
                $"{option} {batches}: an epoch has {Train.BatchesPerEpoch} batches; allowed are 1 to that many.", ExitCode.Usage);
        }
    }

    private QuantizedModel Attach(QuantizationOptions options)
    {
        using var example = Example.Epoch(0, 0).First();
        return QuantizedModel.Attach(Model, example.Input, options);
    }

    private static QuantizationOptions QuantizationOf(RunOptions options)
    {
        return new QuantizationOptions
        {
            WeightBits = options.FixedBits is { } weights ? BitWidthChoice.Fixed(weights.Weights) : BitWidthChoice.Learned(),
            ActivationBits = options.FixedBits is { } activations
                ? BitWidthChoice.Fixed(activations.Activations) : BitWidthChoice.Learned(),
            WeightSharing = options.WidthSharing,
            ActivationSharing = options.WidthSharing,
            Weights = new DoReFaOptions { Transform = options.WeightTransform },
            Activations = new PactOptions { Start = options.ClippingStart },
        };
    }

    /// <summary>One group for the network and one for clipping values, which have a weight decay of their own.</summary>
    private SGD CreateOptimizer()
    {
        var rate = _options.Init is null ? _recipe.LearningRate : _recipe.FineTuningRate;
        if (Quantized is null)
        {
            return optim.SGD(Model.parameters(), rate, momentum: _recipe.Momentum, weight_decay: _recipe.WeightDecay);
        }

        SGD.ParamGroup[] groups =
        [
            new(Quantized.ModelParameters(), rate, _recipe.Momentum, weight_decay: _recipe.WeightDecay),
            new(Quantized.QuantizerParameters(), rate, _recipe.Momentum, weight_decay: _recipe.ClippingDecay),
        ];
        return optim.SGD(groups, rate, momentum: _recipe.Momentum, weight_decay: _recipe.WeightDecay);
    }

    private BitWidthOptimizerOptions WidthOptions()
    {
        var defaults = _options.Probes == ProbeChoice.EveryStep ? BitWidthOptimizerOptions.ExactSchedule : new BitWidthOptimizerOptions();
        return defaults with
        {
            // With a target λ only starts here.
            Lambda = _options.TargetBitOps is null ? _options.Lambda : defaults.Lambda,
            TargetBitOps = _options.TargetBitOps,
            TotalSteps = (int)Math.Max(1, Steps),
        };
    }
}
