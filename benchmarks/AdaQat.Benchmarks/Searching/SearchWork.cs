using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Training;
using ChannelExpansion;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Searching;

/// <summary>A plain step and steps of searches, of the same network of two bits on the same kind of images.</summary>
internal static class SearchWork
{
    private const int WarmUp = 2;

    private static readonly QuantizationOptions TwoBits =
        new() { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) };

    public static nn.Module<Tensor, Tensor> Build(ChannelPlan channels) => new PlannedResNet20(channels);

    public static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    /// <summary>A search in its first epoch, that is to be stopped by whoever follows its steps.</summary>
    public static ChannelSearch Search(int candidates)
    {
        using var example = randn(1, 3, 32, 32);
        return new ChannelSearch(Build, example, Loss, new ChannelSearchOptions
        {
            Scheme = TwoBits,
            CandidateRatios = Ratios(candidates),
            // What a step costs is asked, not what growing does between steps.
            ExpansionThreshold = double.PositiveInfinity,
            TargetMacs = PlanCost.Of(Build, example, ChannelPlan.Default).Macs,
            Epochs = 1_000,
        });
    }

    /// <summary>One to the narrower end and one to the wider: two are 0.9 and 1.0, of more the narrowest is 0.3.</summary>
    public static double[] Ratios(int candidates) => candidates == 2
        ? [0.9, 1.0]
        : [.. Enumerable.Range(0, candidates).Select(place => Math.Round(0.3 + (0.7 * place / (candidates - 1)), 6))];

    public static IBatchSource<Batch> Batches(int size, int seed)
    {
        var random = new Generator((ulong)seed);
        return IndexedBatches.Shuffled(
            randn(2 * size, 3, 32, 32, generator: random), randint(0, 10, 2 * size, generator: random), size, seed);
    }

    /// <summary>Steps of a search.</summary>
    /// <param name="candidates">Of each layer.</param>
    /// <param name="batchSize">Images a batch.</param>
    /// <param name="after">Called after each with the number of steps done; false ends it.</param>
    public static void TakeSearchSteps(int candidates, int batchSize, Func<int, bool> after)
    {
        using var search = Search(candidates);
        using var stop = new CancellationTokenSource();
        search.StepCompleted += (_, step) =>
        {
            if (!after(step.Step))
            {
                stop.Cancel();
            }
        };
        search.Run(Batches(batchSize, 1), Batches(batchSize, 2), cancellation: stop.Token);
    }

    /// <summary>The plain step that searches are compared with: forward, loss, backward, SGD with momentum.</summary>
    internal sealed class PlainStep : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> _model = Build(ChannelPlan.Default);
        private readonly QuantizedModel _quantized;
        private readonly optim.Optimizer _sgd;
        private readonly Tensor _images;
        private readonly Tensor _labels;

        public PlainStep(int batchSize)
        {
            using var example = randn(1, 3, 32, 32);
            _quantized = QuantizedModel.Attach(_model, example, TwoBits);
            _sgd = optim.SGD(_quantized.Parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4);
            (_images, _labels) = (randn(batchSize, 3, 32, 32), randint(0, 10, batchSize));
            for (var step = 0; step < WarmUp; step++)
            {
                Take();
            }
        }

        public void Take()
        {
            using var scope = NewDisposeScope();
            _sgd.zero_grad();
            var loss = Loss(_model.call(_images), _labels);
            loss.item<float>();
            loss.backward();
            _sgd.step();
        }

        public void Dispose()
        {
            _sgd.Dispose();
            _quantized.Dispose();
            _model.Dispose();
            _images.Dispose();
            _labels.Dispose();
        }
    }
}
