using AdaQat;
using AdaQat.Checkpoints;
using AdaQat.Quantizers;
using AdaQat.Widths;
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

        // A run that goes on has its weights from its own checkpoint.
        if (!options.Resume && options.Init is { } checkpoint)
        {
            Checkpoint.LoadWeights(checkpoint, Model);
        }

        Weights = CreateOptimizer();
        if (options.Mode == RunMode.AdaQat)
        {
            Widths = new BitWidthOptimizer(Quantized!, WidthOptions());
        }
    }

    public ResNet20 Model { get; }

    /// <summary>The quantized layers; null where nothing is quantized.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>The optimizer of parameters.</summary>
    public SGD Weights { get; }

    /// <summary>The optimizer of bit-widths; null where none is learned.</summary>
    public BitWidthOptimizer? Widths { get; }

    public TrainingBatches Train { get; }

    public EvaluationBatches Test { get; }

    private EvaluationBatches Example { get; }

    private long Steps => (long)Train.BatchesPerEpoch * _options.Epochs;

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
        Model.Dispose();
    }

    private QuantizedModel Attach(QuantizationOptions options)
    {
        using var example = Example.Epoch(0, 0).First();
        return QuantizedModel.Attach(Model, example.Input, options);
    }

    private static QuantizationOptions QuantizationOf(RunOptions options)
    {
        var granularity = options.Granularity == WidthGranularity.Layer ? Granularity.Layer : Granularity.Network;
        return new QuantizationOptions
        {
            WeightBits = options.FixedBits is { } weights ? BitWidthChoice.Fixed(weights.Weights) : BitWidthChoice.Learned(),
            ActivationBits = options.FixedBits is { } activations ? BitWidthChoice.Fixed(activations.Activations) : BitWidthChoice.Learned(),
            WeightGranularity = granularity,
            ActivationGranularity = granularity,
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

    /// <summary>η follows from the length of the run, so that short and long runs go through the same course of widths.</summary>
    private BitWidthOptimizerOptions WidthOptions()
    {
        var defaults = new BitWidthOptimizerOptions();
        // λ = 0 asks for no descent at all; any η will do.
        var lambda = _options.Lambda > 0 ? _options.Lambda : defaults.Lambda;
        var descent = Math.Max(1, _recipe.DescentShare * Steps);
        return defaults with
        {
            Lambda = _options.Lambda,
            LearningRate = BitWidthOptimizerOptions.LearningRateFor(lambda, descent),
            ProbeInterval = (int)Math.Clamp(descent / _recipe.ProbesOfDescent, 1, defaults.ProbeInterval),
            MinimumRestProbes = (int)Math.Clamp(_recipe.RestShare * Steps, 1, defaults.MinimumRestProbes),
        };
    }
}
