using AdaQat.Training;
using static TorchSharp.torch;

namespace ResNet20Cifar.Data.Batching;

/// <summary>All images as they are, in their order; the last batch may be smaller.</summary>
public sealed class EvaluationBatches(ImageSet images, ChannelNormalization normalization, int batchSize, Device device)
    : IBatchSource<Batch>
{
    public int BatchesPerEpoch => (images.Count + batchSize - 1) / batchSize;

    public IEnumerable<Batch> Epoch(int epoch, int skip)
    {
        var order = Enumerable.Range(0, images.Count).ToArray();
        for (var first = skip * batchSize; first < images.Count; first += batchSize)
        {
            var count = Math.Min(batchSize, images.Count - first);
            yield return BatchTensors.Create(images, order.AsSpan(first, count), normalization, _ => CropFlip.None, device);
        }
    }
}
