using AdaQat.Training;
using static TorchSharp.torch;

namespace ResNet20Cifar.Data.Batching;

/// <summary>
/// Shuffled, augmented batches. Order and augmentation follow from seed, epoch and place alone, so an epoch entered in its middle yields
/// what it would have yielded; images left over at its end, too few for a batch, rest until the next one.
/// </summary>
public sealed class TrainingBatches(ImageSet images, ChannelNormalization normalization, int batchSize, long seed,
    Device device) : IBatchSource<Batch>
{
    public int BatchesPerEpoch => images.Count / batchSize;

    public IEnumerable<Batch> Epoch(int epoch, int skip)
    {
        var order = EpochOrder.Of(seed, epoch, images.Count);
        for (var batch = skip; batch < BatchesPerEpoch; batch++)
        {
            var first = batch * batchSize;
            yield return BatchTensors.Create(
                images, order.AsSpan(first, batchSize), normalization, place => CropFlip.At(seed, epoch, first + place), device);
        }
    }
}
