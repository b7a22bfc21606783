using AdaQat.Export;
using AdaQat.Quantizers;
using AdaQat.Runtime;
using AdaQat.Studies.Training;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Studies.Compiling;

/// <summary>
/// Trains networks of many kinds briefly, compiles them to integers and compares what they predict: in integers, in float32 as they were
/// trained, and in float64.
/// </summary>
public static class IntegersStudy
{
    private const int ComparedBatch = 100;
    private const double QuantizersRate = 1e-4;

    public static int Execute(IntegersOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, () => DatasetSource.Load(
            new DataRequest(options.Data, options.TrainImages, options.Images, Math.Min(options.BatchSize, options.TrainImages)),
            Console.WriteLine));
    }

    /// <param name="options">What is compared.</param>
    /// <param name="load">Gives the images, once the options are known to be good.</param>
    public static int Execute(IntegersOptions options, Func<ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(load);
        using var interruption = new Interruption();
        var device = TorchRuntime.Prepare(options.Threads);
        var dataset = load();
        var rows = new List<ComparedNetwork>();
        var names = options.Networks?.Split(',') ?? CompiledNetwork.Names;
        foreach (var network in CompiledNetwork.All.Where(network => names.Contains(network.Name)))
        {
            foreach (var joins in network.Joins.Where(joins => options.Joins is null || options.Joins == joins))
            {
                if (Compared(network, joins, options, dataset, device, interruption.Token) is not { } row)
                {
                    Console.WriteLine("Stopped; the same command goes on.");
                    return ExitCode.Interrupted;
                }

                Console.WriteLine(row.Report);
                Console.WriteLine(row);
                rows.Add(row);
            }
        }

        Console.WriteLine(string.Join(Environment.NewLine, [ComparedNetwork.Header, .. rows.Select(row => row.ToString())]));
        return ExitCode.Success;
    }

    /// <summary>A row; null where training was stopped.</summary>
    private static ComparedNetwork? Compared(
        CompiledNetwork network, JoinHandling joins, IntegersOptions options, ImageDataset dataset, Device device, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        manual_seed(options.Seed);
        var name = joins == JoinHandling.Quantized ? $"{network.Name}, quantized sums" : network.Name;
        Console.WriteLine(name);
        var folder = Path.Combine(options.Out, $"{name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-')}");
        Directory.CreateDirectory(folder);
        using var model = network.Create();
        var test = ImageBatches.Evaluation(dataset.Test, dataset.Normalization, ComparedBatch, device);
        using var first = test.Epoch(0, 0).First();
        using var example = first.Input.narrow(0, 0, 1);
        using var quantized = Attach(model, example, joins, options);
        if (!Train(model, quantized, options, dataset, Path.Combine(folder, "checkpoint.safetensors"), device, stop))
        {
            return null;
        }

        model.eval();
        var compiled = IntegerCompiler.Compile(quantized, example, new() { AllowFloatIslands = network.HasIslands });
        compiled.Save(Path.Combine(folder, "model.adaq"));
        var (right, integersRight, different) = Predictions(model, compiled, test);
        var report = Equivalence.Check(quantized, compiled, test.Epoch(0, 0).Select(batch => batch.Input));
        var count = (double)dataset.Test.Count;
        return new(name, right / count, integersRight / count, different, report, compiled.Bytes, compiled.Nodes.Count);
    }

    private static QuantizedModel Attach(
        nn.Module<Tensor, Tensor> model, Tensor example, JoinHandling joins, IntegersOptions options)
    {
        return QuantizedModel.Attach(model, example, new QuantizationOptions
        {
            Weights = Family.OfWeights[options.Weights],
            Activations = Family.OfActivations[options.Activations],
            WeightBits = BitWidthChoice.Fixed(options.WeightBits),
            ActivationBits = BitWidthChoice.Fixed(options.ActivationBits),
            Joins = joins,
            Rules = [LayerRule.First.Fixed(8), LayerRule.Last.Fixed(8)],
        });
    }

    /// <summary>Half of the steps in float, half quantized; false where it was stopped.</summary>
    private static bool Train(
        nn.Module<Tensor, Tensor> model, QuantizedModel quantized, IntegersOptions options, ImageDataset dataset, string checkpoint,
        Device device, CancellationToken stop)
    {
        var batch = Math.Min(options.BatchSize, dataset.Train.Count);
        var train = ImageBatches.Training(dataset.Train, dataset.Normalization, batch, options.Seed, device);
        using var optimizer = optim.Adam([
            new Adam.ParamGroup(quantized.ModelParameters(), options.Rate),
            new Adam.ParamGroup(quantized.QuantizerParameters(), QuantizersRate)]);
        var trainer = new AdaQatTrainer(
            quantized, optimizer, (output, target) => nn.functional.cross_entropy(output, target), new TrainerOptions
            {
                Epochs = options.Epochs,
                CheckpointPath = checkpoint,
                CheckpointInterval = 200,
                QuantizeAfterSteps = options.Epochs * train.BatchesPerEpoch / 2,
                Observers = [new PlainProgress(Console.Out)],
            });
        if (File.Exists(checkpoint))
        {
            trainer.Resume(checkpoint);
        }

        return trainer.Fit(train, test: null, stop).Completed;
    }

    /// <summary>How many images the trained model and the integer network get right, and for how many they say another class.</summary>
    private static (long Right, long IntegersRight, long Different) Predictions(
        nn.Module<Tensor, Tensor> model, IntegerModel compiled, IBatchSource<Batch> test)
    {
        using var guard = no_grad();
        var (right, integersRight, different) = (0L, 0L, 0L);
        foreach (var batch in test.Epoch(0, 0))
        {
            using var scope = NewDisposeScope();
            using (batch)
            {
                var scores = model.call(batch.Input);
                var made = new float[scores.numel()];
                compiled.Run(batch.Input.cpu().contiguous().data<float>().ToArray(), made);
                var (theirs, ours) = (scores.cpu().argmax(1), tensor(made).reshape(scores.shape).argmax(1));
                var target = batch.Target.cpu();
                right += theirs.eq(target).sum().ToInt64();
                integersRight += ours.eq(target).sum().ToInt64();
                different += theirs.ne(ours).sum().ToInt64();
            }
        }

        return (right, integersRight, different);
    }
}
