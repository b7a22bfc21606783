using System.Globalization;
using AdaQat.Export;
using AdaQat.Quantizers;
using AdaQat.Studies.Deploying;
using AdaQat.Studies.Networks;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Studies.Training;

/// <summary>
/// Trains one network with quantizers of one family, in the recipe of the sample. The first and the last layer have DoReFa weights and PACT
/// inputs of 8 bits in every run, so that runs differ in the layers between.
/// </summary>
public static class TrainStudy
{
    private const int EvaluationBatchSize = 500;
    private const int CheckpointInterval = 200;
    private const int PostTrainingImages = 512;
    private const int PostTrainingBatch = 64;
    private const int ComparedBatch = 100;
    private const int SensitivityImages = 512;
    private const int SensitivityBatch = 128;
    private const double Momentum = 0.9;
    private const double WeightDecay = 1e-4;

    public static int Execute(TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, () => DatasetSource.Load(
            new DataRequest(options.Data, options.TrainImages, options.TestImages, options.BatchSize), Console.WriteLine));
    }

    /// <param name="options">What is trained.</param>
    /// <param name="load">Gives the images, once the options are known to be good.</param>
    public static int Execute(TrainOptions options, Func<ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(load);
        if (options.Init is { } init && !File.Exists(init))
        {
            throw new SampleException($"--init {init}: there is no such file.", ExitCode.Usage);
        }

        using var interruption = new Interruption();
        using var folder = Open(options);
        var device = TorchRuntime.Prepare(options.Threads);
        var dataset = load();
        folder.SaveOptions(options);
        manual_seed(options.Seed);
        var train = ImageBatches.Training(dataset.Train, dataset.Normalization, options.BatchSize, options.Seed, device);
        var test = ImageBatches.Evaluation(dataset.Test, dataset.Normalization, EvaluationBatchSize, device);
        using var model = StudyNetwork.Create(options.Network);
        using var quantized = options.IsFloat ? null : Attach(model, test, options);
        using var weights = Optimizer(model, quantized, options);
        var how = new TrainerOptions
        {
            Epochs = options.Epochs,
            CheckpointPath = folder.CheckpointPath,
            CheckpointInterval = CheckpointInterval,
            Observers = [new HistoryFile(folder.HistoryPath), new PlainProgress(Console.Out)],
        };
        var resumes = File.Exists(folder.CheckpointPath);
        if (!resumes && options.Init is { } start)
        {
            Checkpoint.LoadWeights(start, model);
        }

        if (options.Allocation is { } allocation)
        {
            Allocate(quantized!, allocation, options, dataset, Path.Combine(folder.Path, "plan.json"), device);
        }

        if (!resumes && options.PostTraining)
        {
            QuantizeFirst(quantized!, dataset, device);
        }

        var trainer = Trainer(model, quantized, weights, options, how, train.BatchesPerEpoch);
        if (resumes)
        {
            trainer.Resume(folder.CheckpointPath);
        }

        var result = trainer.Fit(train, test, interruption.Token);
        if (!result.Completed)
        {
            Console.WriteLine("Stopped; the same command goes on.");
            return ExitCode.Interrupted;
        }

        var accuracy = (result.Last?.Test ?? trainer.Evaluate(test, interruption.Token)).Accuracy!.Value;
        var record = Record(model, quantized, test, accuracy, options);
        folder.SaveRecord(record);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Network} {(options.IsFloat ? "float32" : $"{options.Weights}/{options.Activations}")} "
            + $"W{record.WeightBits:0.##}A{record.ActivationBits:0.##}: {accuracy:P2}, "
            + $"{record.BitOps / 1e9:0.000} G bit operations"));
        if (options.Integers is { } images)
        {
            CompareIntegers(quantized!, dataset, images, Path.Combine(folder.Path, "model.adaq"), device);
        }

        if (options.Onnx is { } compared)
        {
            OnnxComparison.Print(quantized!, dataset.Test.Take(Math.Min(compared, dataset.Test.Count)), dataset.Normalization);
        }

        return ExitCode.Success;
    }

    private static RunFolder Open(TrainOptions options)
    {
        if (options.Out is not { } path)
        {
            return RunFolder.NewIn("runs", options.Network);
        }

        if (!File.Exists(Path.Combine(path, "options.json")))
        {
            return RunFolder.New(path);
        }

        var folder = RunFolder.Open(path);
        var before = folder.LoadOptions<TrainOptions>();
        if (options == before with
        {
            Data = options.Data,
            Threads = options.Threads,
            Out = options.Out,
            Integers = options.Integers,
            Onnx = options.Onnx,
        })
        {
            return folder;
        }

        folder.Dispose();
        throw new SampleException($"--out {path}: a run with other options was begun there.", ExitCode.Usage);
    }

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, IBatchSource<Batch> data, TrainOptions options)
    {
        using var batch = data.Epoch(0, 0).First();
        using var example = batch.Input.narrow(0, 0, 1);
        return QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            Weights = Family.OfWeights[options.Weights],
            Activations = Family.OfActivations[options.Activations],
            WeightBits = options.WeightBits is { } w ? BitWidthChoice.Fixed(w) : BitWidthChoice.Learned(),
            ActivationBits = options.ActivationBits is { } a ? BitWidthChoice.Fixed(a) : BitWidthChoice.Learned(),
            WeightSharing = SharingFor(Family.OfWeights[options.Weights]),
            ActivationSharing = SharingFor(Family.OfActivations[options.Activations]),
            Joins = options.Joins,
            Rules = [Outer(LayerRule.First), Outer(LayerRule.Last)],
        });

        static LayerRule Outer(LayerRule rule) => rule.Fixed(8).With(weights: new DoReFaOptions(), activations: new PactOptions());

        WidthSharing SharingFor(QuantizerOptions family) => Family.InfersWidths(family) ? WidthSharing.Layer : options.Sharing;
    }

    /// <summary>Bits by layer from the loss on some hundred training images; a plan that is there is taken as it is.</summary>
    private static void Allocate(
        QuantizedModel quantized, AllocatedWidths allocation, TrainOptions options, ImageDataset dataset, string path, Device device)
    {
        if (!File.Exists(path))
        {
            var images = ImageBatches.Evaluation(
                dataset.Train.Take(Math.Min(SensitivityImages, dataset.Train.Count)), dataset.Normalization, SensitivityBatch, device);
            using (var scope = NewDisposeScope())
            {
                quantized.Calibrate(images.Epoch(0, 0).Select(batch => batch.Input).ToList(), new CalibrationOptions());
            }

            var report = SensitivityAnalysis.Run(quantized, images, Loss, new SensitivityOptions());
            report.WriteCsv(Path.ChangeExtension(path, "csv"));
            var made = MixedPrecision.Allocate(quantized, report, new BitOpsCost(), options.TargetBitOps!.Value);
            Console.WriteLine(made);
            made.Save(path);
        }

        var plan = PrecisionPlan.Load(path);
        if (allocation == AllocatedWidths.Fixed)
        {
            plan.Apply(quantized);
        }
        else
        {
            plan.Start(quantized);
        }
    }

    /// <summary>The integer network of the trained one, and how far it computes the same.</summary>
    private static void CompareIntegers(QuantizedModel quantized, ImageDataset dataset, int images, string path, Device device)
    {
        using var scope = NewDisposeScope();
        var test = ImageBatches.Evaluation(
            dataset.Test.Take(Math.Min(images, dataset.Test.Count)), dataset.Normalization, ComparedBatch, device);
        using var first = test.Epoch(0, 0).First();
        using var example = first.Input.narrow(0, 0, 1);
        var compiled = IntegerCompiler.Compile(quantized, example);
        compiled.Save(path);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {compiled.Bytes.File:N0} bytes; an image: {compiled.Macs:N0} multiplications, {compiled.PeakMemory:N0} bytes"));
        Console.WriteLine(Equivalence.Check(quantized, compiled, test.Epoch(0, 0).Select(batch => batch.Input)));
    }

    /// <summary>What can be had without training, from some hundred images.</summary>
    private static void QuantizeFirst(QuantizedModel quantized, ImageDataset dataset, Device device)
    {
        using var scope = NewDisposeScope();
        var first = dataset.Train.Take(Math.Min(PostTrainingImages, dataset.Train.Count));
        var images = ImageBatches.Evaluation(first, dataset.Normalization, PostTrainingBatch, device)
            .Epoch(0, 0).Select(batch => batch.Input).ToList();
        using var result = PostTraining.Quantize(quantized, images, new PostTrainingOptions { Effort = PostTrainingEffort.Fast });
        Console.WriteLine(result.Report);
    }

    private static SGD Optimizer(nn.Module model, QuantizedModel? quantized, TrainOptions options)
    {
        var rate = options.Init is null ? 0.1 : 0.02;
        var decays = !Family.LearnsLogarithms(Family.OfWeights[options.Weights])
            && !Family.LearnsLogarithms(Family.OfActivations[options.Activations]);
        SGD.ParamGroup[] groups = quantized is null
            ? [new(model.parameters(), rate, Momentum, weight_decay: WeightDecay)]
            :
            [
                new(quantized.ModelParameters(), rate, Momentum, weight_decay: WeightDecay),
                new(quantized.QuantizerParameters(), rate, Momentum, weight_decay: decays ? WeightDecay : 0),
            ];
        return optim.SGD(groups, rate, momentum: Momentum, weight_decay: WeightDecay);
    }

    private static AdaQatTrainer Trainer(
        nn.Module<Tensor, Tensor> model,
        QuantizedModel? quantized,
        SGD weights,
        TrainOptions options,
        TrainerOptions how,
        int stepsPerEpoch)
    {
        return quantized is null ? new AdaQatTrainer(model, weights, Loss, how)
            : options.LearnsWidths && options.Allocation != AllocatedWidths.Fixed
            ? new AdaQatTrainer(Widths(quantized, options, stepsPerEpoch), weights, Loss, how)
            : new AdaQatTrainer(quantized, weights, Loss, how);
    }

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private static BitWidthOptimizer Widths(QuantizedModel quantized, TrainOptions options, int stepsPerEpoch)
    {
        var defaults = new BitWidthOptimizerOptions();
        return new BitWidthOptimizer(quantized, defaults with
        {
            Lambda = options.Lambda ?? defaults.Lambda,
            TargetBitOps = options.TargetBitOps,
            TargetStep = options.TargetStep,
            TotalSteps = stepsPerEpoch * options.Epochs,
        });
    }

    private static TrainRecord Record(
        nn.Module<Tensor, Tensor> model, QuantizedModel? quantized, IBatchSource<Batch> data, double accuracy, TrainOptions options)
    {
        if (quantized is null)
        {
            using var forAMoment = Attach(model, data, options);
            const double Float = ModelSummary.FloatBits;
            return new TrainRecord(accuracy, Float, Float, forAMoment.Summary().Macs * Float * Float, options);
        }

        var inner = quantized.Layers.Skip(1).SkipLast(1).ToList();
        return new TrainRecord(
            accuracy,
            inner.Average(l => l.WeightBits.Bits),
            inner.Average(l => l.ActivationBits.Bits),
            quantized.Summary().BitOps,
            options);
    }
}
