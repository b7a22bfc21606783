using System.Globalization;
using AdaQat.Quantizers;
using AdaQat.Search;
using AdaQat.Training;
using ChannelExpansion;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>A short search of ResNet-20's channels, with growth, interrupted and resumed.</summary>
internal static class SearchOnDevice
{
    private const int Batches = 6;
    private const int BatchSize = 32;

    public static string Check()
    {
        var path = Path.Combine(Path.GetTempPath(), $"search-{Environment.ProcessId}.ckpt");
        using var example = Images(0).Input;
        ChannelSearch Search() => new(
            channels => new PlannedResNet20(channels), example, (output, target) => nn.functional.cross_entropy(output, target),
            new ChannelSearchOptions
            {
                Scheme = new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) },
                ExpansionThreshold = 0.01,
                Epochs = 2,
                CheckpointPath = path,
                CheckpointInterval = 2,
            });
        using var stopping = new CancellationTokenSource();
        using (var begun = Search())
        {
            begun.EpochCompleted += (_, _) => stopping.Cancel();
            begun.Run(Source(0), Source(1), cancellation: stopping.Token);
        }

        using var search = Search();
        search.Resume(path);
        var taken = search.Step;
        var result = search.Run(Source(0), Source(1));
        File.Delete(path);
        return result.IsComplete && result.Plan.Layers.Any(layer => layer.Channels != layer.Default)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"resumed after step {taken}, ended with {result.Plan.Layers.Count(l => l.Channels != l.Default)} widths changed.")
            : throw new InvalidOperationException($"complete: {result.IsComplete}, no width has changed.");
    }

    private static Batch Images(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return new Batch(
            randn([BatchSize, 3, 32, 32], generator: generator).to(CUDA), randint(0, 10, [BatchSize], generator: generator).to(CUDA));
    }

    private static IBatchSource<Batch> Source(int half) => IndexedBatches.InOrder(
        Batches * BatchSize, BatchSize, place => Images((1000 * half) + place.First));
}
