using System.Diagnostics;
using System.Globalization;
using AdaQat;
using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace ChannelExpansion;

/// <summary>The sample's course: options, data, search, training anew, results.</summary>
public static class ExpansionRun
{
    private const int BatchSize = 128;
    private const int CheckpointInterval = 50;
    private const int EvaluationBatchSize = 500;

    /// <summary>On how many test images a search shows its accuracy after each epoch: all of them would cost a tenth of its time.</summary>
    private const int SearchTestImages = 1000;

    /// <summary>What a run that goes on may be told anew: where data lie and what computes.</summary>
    private static readonly string[] Changeable =
        [nameof(ExpansionOptions.Data), nameof(ExpansionOptions.Threads), nameof(ExpansionOptions.Device)];

    public static int Execute(ExpansionRequest request) => Execute(request, (options, cancellation) => DatasetSource.Load(
        new DataRequest(options.Data, options.TrainImages, options.TestImages, 1, options.Dataset), Console.WriteLine, cancellation));

    /// <param name="request">What is asked for.</param>
    /// <param name="load">Gives the images, once the options are known to be good.</param>
    public static int Execute(ExpansionRequest request, Func<ExpansionOptions, CancellationToken, ImageDataset> load)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(load);
        var clock = Stopwatch.StartNew();
        using var interruption = new Interruption();
        var (options, opened) = Open(request);
        using var folder = opened;
        var device = TorchRuntime.Prepare(options.Threads, options.Device);
        Console.WriteLine(TorchRuntime.Describe());
        var dataset = load(options, interruption.Token);
        options = options with { Dataset = dataset.Name };
        var course = new ExpansionCourse(options, dataset, device, folder);
        if (!options.Resume)
        {
            // What is refused here leaves no folder, so that the next try may have its name.
            course.RequireReachable();
        }

        folder.SaveOptions(options);
        Console.WriteLine($"Results go to {folder.Path}.");
        manual_seed(options.Seed);
        var record = course.Execute(clock, interruption);
        if (record is null)
        {
            Console.WriteLine($"Stopped. To go on, start the sample with --resume --out \"{folder.Path}\".");
            return ExitCode.Interrupted;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Test accuracy {record.TestAccuracy:P2}, {record.Macs / 1e6:0.00} M multiplications, {record.Parameters:N0} parameters."));
        return ExitCode.Success;
    }

    private static (ExpansionOptions Options, RunFolder Folder) Open(ExpansionRequest request)
    {
        var asked = request.Options;
        if (!asked.Resume)
        {
            return (asked, asked.Out is { } path
                ? RunFolder.New(path) : RunFolder.NewIn("runs", asked.Method.ToString().ToLowerInvariant()));
        }

        var folder = RunFolder.Open(asked.Out!);
        var options = ResumedOptions.Merge(
            folder.LoadOptions<ExpansionOptions>(), asked, request.Given.Except(["--out", "--resume"]), Changeable);
        return (options with { Out = asked.Out, Resume = true }, folder);
    }

    /// <summary>One run from where it stands to its end, or to an interruption.</summary>
    private sealed class ExpansionCourse(ExpansionOptions options, ImageDataset dataset, Device device, RunFolder folder)
    {
        private readonly QuantizationOptions? _scheme = options.Bits == BitWidth.FloatBits ? null : new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(options.Bits),
            ActivationBits = BitWidthChoice.Fixed(options.Bits),
        };

        private string PlanPath => Path.Combine(folder.Path, "plan.json");

        private string SearchedPlanPath => Path.Combine(folder.Path, "searched-plan.json");

        /// <exception cref="SampleException">No width of the network meets the targets.</exception>
        public void RequireReachable()
        {
            if (options.Method != SearchMethod.Uniform)
            {
                using var example = Example();
                Fitted(example, TargetMacs(example), basis: null);
            }
        }

        public ExpansionRecord? Execute(Stopwatch clock, Interruption interruption)
        {
            using var example = Example();
            var targetMacs = TargetMacs(example);
            var plan = File.Exists(PlanPath) ? ChannelPlan.Load(PlanPath) : Plan(example, targetMacs, interruption);
            if (plan is null)
            {
                return null;
            }

            plan.Save(PlanPath);
            var cost = PlanCost.Of(Build, example, plan);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Training anew: {cost.Macs / 1e6:0.00} M multiplications, {cost.Parameters:N0} parameters."));
            if (Retrain(plan, example, interruption) is not { } result)
            {
                return null;
            }

            var record = new ExpansionRecord(
                result.Accuracy, cost.Macs, targetMacs, cost.Parameters, options.TargetParameters,
                File.Exists(SearchedPlanPath) ? PlanCost.Of(Build, example, ChannelPlan.Load(SearchedPlanPath)).Macs : null,
                result.Steps, clock.Elapsed.TotalSeconds, dataset.Name, TorchRuntime.Version, plan.Layers, options);
            folder.SaveRecord(record);
            return record;
        }

        private nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new PlannedResNet20(channels, options.Channels);

        private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

        /// <summary>The plan to train; null where the search was interrupted.</summary>
        private ChannelPlan? Plan(Tensor example, double? targetMacs, Interruption interruption)
        {
            return options.Method switch
            {
                SearchMethod.Uniform => ChannelPlan.Default,
                SearchMethod.Multiplier => Fitted(example, targetMacs, basis: null),
                SearchMethod.Random => RandomWidths.Fit(Build, example, options.Seed, targetMacs, options.TargetParameters),
                _ when Searched(example, targetMacs, interruption) is { } searched => Fitted(example, targetMacs, searched),
                _ => null,
            };
        }

        private double? TargetMacs(Tensor example) => options.TargetMacs
            ?? (options.TargetParameters is null ? PlanCost.Of(Build, example, ChannelPlan.Default).Macs : null);

        private ChannelPlan Fitted(Tensor example, double? targetMacs, ChannelPlan? basis)
        {
            try
            {
                return WidthMultiplier.Fit(Build, example, targetMacs, options.TargetParameters, basis: basis);
            }
            catch (ArgumentException fault)
            {
                throw new SampleException(fault.Message, ExitCode.Usage, fault);
            }
        }

        private ChannelPlan? Searched(Tensor example, double? targetMacs, Interruption interruption)
        {
            var half = dataset.Train.Count / 2;
            var checkpoint = Path.Combine(folder.Path, "search.safetensors");
            using var search = new ChannelSearch(Build, example, Loss, new ChannelSearchOptions
            {
                Scheme = _scheme,
                ExpansionThreshold = options.Method == SearchMethod.Prune ? double.PositiveInfinity : options.Threshold,
                Growth = options.Growth,
                GrowthInterval = options.GrowthInterval,
                Mixing = options.Mixing,
                TargetMacs = targetMacs,
                TargetParameters = options.TargetParameters,
                Epochs = options.SearchEpochs,
                Seed = options.Seed,
                CheckpointPath = checkpoint,
                CheckpointInterval = CheckpointInterval,
            });
            if (File.Exists(checkpoint))
            {
                search.Resume(checkpoint);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on after step {search.Step:N0} of the search."));
            }

            var result = Shown(search, interruption, () => search.Run(
                Batches(dataset.Train.Part(0, half), options.Seed), Batches(dataset.Train.Part(half, half), options.Seed + 1),
                Test(dataset.Test.Take(Math.Min(SearchTestImages, dataset.Test.Count))),
                interruption.Token));
            File.WriteAllText(Path.Combine(folder.Path, "search-history.csv"), result.HistoryCsv());
            if (!result.IsComplete)
            {
                return null;
            }

            result.Plan.Save(SearchedPlanPath);
            return result.Plan;
        }

        /// <summary>Runs a search before the user's eyes: a panel on a terminal, else plain lines.</summary>
        private ChannelSearchResult Shown(ChannelSearch search, Interruption interruption, Func<ChannelSearchResult> run)
        {
            const string Stopping = "Stopping after this step; Ctrl-C once more quits at once.";
            if (Console.IsOutputRedirected)
            {
                var lines = new SearchLines(Console.Out);
                search.EpochCompleted += (_, epoch) => lines.Epoch(epoch);
                search.Warning += (_, warning) => Console.WriteLine($"Warning: {warning.Message}");
                return Following(() => Console.WriteLine(Stopping), run);
            }

            var panel = new SearchPanel(
                AnsiConsole.Console, $"Channels of ResNet-20, {options.Method}, {options.Bits} bits, {dataset.Name}");
            return Following(() => panel.Say(Stopping), () => panel.Follow(search, run));

            ChannelSearchResult Following(Action stopping, Func<ChannelSearchResult> running)
            {
                interruption.Requested += stopping;
                try
                {
                    return running();
                }
                finally
                {
                    interruption.Requested -= stopping;
                }
            }
        }

        /// <summary>Accuracy and steps; null where it was interrupted.</summary>
        private (double Accuracy, long Steps)? Retrain(ChannelPlan plan, Tensor example, Interruption interruption)
        {
            // The same start whether there was a search before or not.
            manual_seed(options.Seed);
            using var model = Build(plan);
            model.to(device);
            using var quantized = _scheme is null ? null : QuantizedModel.Attach(model, example, _scheme);
            using var sgd = optim.SGD(
                quantized?.Parameters() ?? [.. model.parameters()], 0.1, momentum: 0.9, weight_decay: 1e-4);
            var display = RunDisplay.ForConsole($"ResNet-20, {options.Method}, {options.Bits} bits, {dataset.Name}");
            interruption.Requested += () => display.Say("Stopping after this step; Ctrl-C once more quits at once.");
            var how = new TrainerOptions
            {
                Epochs = options.RetrainEpochs,
                CheckpointPath = folder.CheckpointPath,
                CheckpointInterval = CheckpointInterval,
                Observers = [new HistoryFile(folder.HistoryPath), display],
            };
            var trainer = quantized is null
                ? new AdaQatTrainer(model, sgd, Loss, how) : new AdaQatTrainer(quantized, sgd, Loss, how);
            if (File.Exists(folder.CheckpointPath))
            {
                trainer.Resume(folder.CheckpointPath);
            }

            var result = trainer.Fit(Batches(dataset.Train, options.Seed), Test(dataset.Test), interruption.Token);
            return result.Completed
                ? ((result.Last?.Test ?? trainer.Evaluate(Test(dataset.Test))).Accuracy!.Value, result.Steps)
                : null;
        }

        private IBatchSource<Batch> Batches(ImageSet images, long seed) => ImageBatches.Training(
            images, dataset.Normalization, Math.Min(BatchSize, images.Count), seed, device);

        private IBatchSource<Batch> Test(ImageSet images) =>
            ImageBatches.Evaluation(images, dataset.Normalization, EvaluationBatchSize, device);

        private Tensor Example()
        {
            using var batch = ImageBatches.Evaluation(dataset.Train.Take(1), dataset.Normalization, 1, device).Epoch(0, 0).First();
            return batch.Input.clone();
        }
    }
}
