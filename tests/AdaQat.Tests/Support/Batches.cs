using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Batches of images that follow from the number of the epoch alone; the last one may be smaller.</summary>
internal sealed class Batches(int samples, int size) : IBatchSource<Batch>
{
    public int BatchesPerEpoch { get; init; } = (samples + size - 1) / size;

    /// <summary>The epochs asked for, and how many batches were left out.</summary>
    public List<(int Epoch, int Skip)> Asked { get; } = [];

    public IEnumerable<Batch> Epoch(int epoch, int skip)
    {
        Asked.Add((epoch, skip));
        var (input, target) = Networks.Images(samples, 100 + epoch);
        using (input)
        using (target)
        {
            for (var start = skip * size; start < samples; start += size)
            {
                var count = Math.Min(size, samples - start);
                using var inputs = input.narrow(0, start, count);
                using var targets = target.narrow(0, start, count);
                yield return new Batch(inputs.clone(), targets.clone());
            }
        }
    }
}
