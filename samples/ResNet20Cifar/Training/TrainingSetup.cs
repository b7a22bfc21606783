using System.Globalization;
using AdaQat;
using AdaQat.Export;
using AdaQat.Quantizers;
using AdaQat.Training;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Deploying;
using ResNet20Cifar.Models;
using Samples.Cifar10;
using Samples.CommandLine;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>Everything that a run consists of, put together from its options: model, quantizers, optimizers, batches.</summary>
public sealed class TrainingSetup : IDisposable
{
    private const int EvaluationBatchSize = 500;

    private readonly RunOptions _options;
    private readonly TrainingRecipe _recipe = new();
    private readonly IBatchSource<Batch> _example;
    private readonly ResNet20? _teacher;

    public TrainingSetup(RunOptions options, ImageDataset dataset, Device device)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dataset);
        _options = options;
        manual_seed(options.Seed);
        Train = ImageBatches.Training(dataset.Train, dataset.Normalization, options.BatchSize, options.Seed, device);
        Test = ImageBatches.Evaluation(dataset.Test, dataset.Normalization, EvaluationBatchSize, device);
        _example = ImageBatches.Evaluation(dataset.Train.Take(1), dataset.Normalization, 1, device);
        RequireBatches("--calibrate", options.Calibrate);
        RequireBatches("--reestimate-batch-norm", options.ReestimateBatchNorm);
        Model = new ResNet20();
        Model.to(device);
        Quantized = options.Mode == RunMode.Unquantized ? null : Attach();
        Weights = CreateOptimizer();
        Widths = options.Mode == RunMode.AdaQat ? CreateWidths(Quantized!) : null;
        if (options.Distill is { } teacher)
        {
            _teacher = new ResNet20();
            _teacher.to(device);
            Checkpoint.LoadWeights(teacher.Checkpoint, _teacher);
            Distillation = new Distillation(_teacher, teacher.Temperature, teacher.Weight);
        }
    }

    private ResNet20 Model { get; }

    /// <summary>The quantized layers; null where nothing is quantized.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>The optimizer of parameters.</summary>
    private SGD Weights { get; }

    /// <summary>The optimizer of bit-widths; null where none is learned.</summary>
    public BitWidthOptimizer? Widths { get; }

    /// <summary>What is learned from besides the labels; null without a teacher.</summary>
    private Distillation? Distillation { get; }

    public IBatchSource<Batch> Train { get; }

    public IBatchSource<Batch> Test { get; }

    /// <summary>The trainer of the one thing that is to be trained.</summary>
    public AdaQatTrainer CreateTrainer(RunFolder folder, params IReadOnlyList<ITrainingObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var how = new TrainerOptions
        {
            // A run of no epochs never asks the trainer to train.
            Epochs = Math.Max(1, _options.Epochs),
            CheckpointPath = folder.CheckpointPath,
            CheckpointInterval = _recipe.CheckpointInterval,
            ParetoFolder = _options.Front ? folder.FrontPath : null,
            Distillation = Distillation,
            Observers = observers,
        };
        // Given the bit-widths' optimizer, the trainer moves them after each backward pass: there AdaQAT happens.
        return Widths is not null ? new AdaQatTrainer(Widths, Weights, Loss, how)
            : Quantized is not null ? new AdaQatTrainer(Quantized, Weights, Loss, how)
            : new AdaQatTrainer(Model, Weights, Loss, how);

        static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);
    }

    /// <summary>Brings the network to where the run begins: trained weights, ranges, statistics, as far as they are asked for.</summary>
    public void Begin()
    {
        if (_options.Init is { } checkpoint)
        {
            Checkpoint.LoadWeights(checkpoint, Model);
        }

        // Without training, ranges would start from the first test batch; they are to come from training data.
        var isLeftToTestImages = _options.Epochs == 0 && Quantized?.Layers.Any(layer => !layer.ActivationQuantizer.IsCalibrated) == true;
        if ((_options.Calibrate ?? (isLeftToTestImages ? 1 : null)) is { } calibrating)
        {
            Quantized!.Calibrate(Train, calibrating);
        }

        if (_options.ReestimateBatchNorm is { } averaged)
        {
            BatchNormStatistics.Reestimate(Model, Train, averaged);
        }
    }

    /// <summary>Writes the network as it is now for other programs.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>What was written, a line each.</returns>
    public IEnumerable<string> Export(string path)
    {
        using var scope = NewDisposeScope();
        using var batch = Test.Epoch(0, 0).First();
        var example = batch.Input.narrow(0, 0, 1);
        var graph = Quantized?.Graph(example) ?? ModelCapture.Graph(Model, example);
        var onnx = OnnxExport.Write(
            graph, Path.Combine(path, "model.onnx"), new OnnxOptions { Form = Quantized is null ? OnnxForm.Plain : OnnxForm.Compact });
        yield return string.Create(CultureInfo.InvariantCulture, $"{onnx.Path}: {onnx.Bytes:N0} bytes");
        var integers = Quantized is null ? null : IntegerCompiler.Compile(Quantized, example);
        if (integers is not null)
        {
            var file = Path.Combine(path, "model.adaq");
            integers.Save(file);
            yield return string.Create(CultureInfo.InvariantCulture, $"{file}: {integers.Bytes.File:N0} bytes");
        }

        yield return Deployed.Compare(onnx, integers, Test).ToString();
    }

    /// <summary>What the network is and costs; found by attaching for a moment where nothing is quantized.</summary>
    public ModelSummary Summary()
    {
        if (Quantized is not null)
        {
            return Quantized.Summary();
        }

        using var forAMoment = Attach();
        return forAMoment.Summary();
    }

    public void Dispose()
    {
        Quantized?.Dispose();
        Weights.Dispose();
        _teacher?.Dispose();
        Model.Dispose();
    }

    private QuantizedModel Attach()
    {
        using var example = _example.Epoch(0, 0).First();
        return QuantizedModel.Attach(Model, example.Input, new QuantizationOptions
        {
            WeightBits = _options.FixedBits is { } fixedBits ? BitWidthChoice.Fixed(fixedBits.Weights) : BitWidthChoice.Learned(),
            ActivationBits = _options.FixedBits is { } bits ? BitWidthChoice.Fixed(bits.Activations) : BitWidthChoice.Learned(),
            WeightSharing = _options.Sharing,
            ActivationSharing = _options.Sharing,
            Joins = _options.Joins,
            Weights = new DoReFaOptions { Transform = _options.WeightTransform },
            Activations = new PactOptions { Start = _options.ClippingStart },
        });
    }

    /// <summary>One group for the network and one for clipping values, which have a weight decay of their own.</summary>
    private SGD CreateOptimizer()
    {
        var rate = _options.Init is null ? _recipe.LearningRate : _recipe.FineTuningRate;
        SGD.ParamGroup[] groups = Quantized is null
            ? [new(Model.parameters(), rate, _recipe.Momentum, weight_decay: _recipe.WeightDecay)]
            :
            [
                new(Quantized.ModelParameters(), rate, _recipe.Momentum, weight_decay: _recipe.WeightDecay),
                new(Quantized.QuantizerParameters(), rate, _recipe.Momentum, weight_decay: _recipe.ClippingDecay),
            ];
        return optim.SGD(groups, rate, momentum: _recipe.Momentum, weight_decay: _recipe.WeightDecay);
    }

    private BitWidthOptimizer CreateWidths(QuantizedModel quantized)
    {
        var defaults = _options.Probes == ProbeChoice.EveryStep ? BitWidthOptimizerOptions.ExactSchedule : new BitWidthOptimizerOptions();
        var steps = (long)Train.BatchesPerEpoch * _options.Epochs;
        try
        {
            return new BitWidthOptimizer(quantized, defaults with
            {
                // With a target λ only starts here.
                Lambda = _options.TargetBitOps is null ? _options.Lambda : defaults.Lambda,
                TargetBitOps = _options.TargetBitOps,
                TotalSteps = (int)Math.Max(1, steps),
            });
        }
        catch (ArgumentOutOfRangeException fault) when (fault.ParamName == nameof(BitWidthOptimizerOptions.TargetBitOps))
        {
            throw new SampleException($"--target-bitops: {fault.Message}", ExitCode.Usage, fault);
        }
    }

    private void RequireBatches(string option, int? batches)
    {
        if (batches > Train.BatchesPerEpoch)
        {
            throw new SampleException(
                $"{option} {batches}: an epoch has {Train.BatchesPerEpoch} batches; allowed are 1 to that many.", ExitCode.Usage);
        }
    }
}
