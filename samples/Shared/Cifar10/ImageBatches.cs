using System.Runtime.InteropServices;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Samples.Cifar10;

/// <summary>Batches of images: from bytes to augmented, normalised floats in the tensor's own memory, in one pass.</summary>
public static class ImageBatches
{
    /// <summary>Shuffled and augmented, as follows from seed, epoch and place alone.</summary>
    public static IBatchSource<Batch> Training(
        ImageSet images, ChannelNormalization normalization, int batchSize, long seed, Device device)
    {
        ArgumentNullException.ThrowIfNull(images);
        return IndexedBatches.Shuffled(images.Count, batchSize, seed, place => Create(
            images, place, normalization, index => CropFlip.At(seed, place.Epoch, place.First + index), device));
    }

    /// <summary>All images as they are, in their order; the last batch may be smaller.</summary>
    public static IBatchSource<Batch> Evaluation(ImageSet images, ChannelNormalization normalization, int batchSize, Device device)
    {
        ArgumentNullException.ThrowIfNull(images);
        return IndexedBatches.InOrder(
            images.Count, batchSize, place => Create(images, place, normalization, _ => CropFlip.None, device));
    }

    private static Batch Create(
        ImageSet images, BatchPlace place, ChannelNormalization normalization, Func<int, CropFlip> augmentation, Device device)
    {
        var samples = place.Samples.Span;
        var input = empty(samples.Length, ImageShape.Channels, ImageShape.Side, ImageShape.Side, dtype: ScalarType.Float32);
        var target = empty(samples.Length, dtype: ScalarType.Int64);
        var pixels = MemoryMarshal.Cast<byte, float>(input.bytes);
        var labels = MemoryMarshal.Cast<byte, long>(target.bytes);
        for (var index = 0; index < samples.Length; index++)
        {
            labels[index] = images.Labels[samples[index]];
            augmentation(index).Write(
                images.Image(samples[index]), normalization, pixels.Slice(index * ImageShape.Size, ImageShape.Size));
        }

        return device.type == DeviceType.CPU
            ? new Batch(input, target)
            : new Batch(input.to(device, disposeAfter: true), target.to(device, disposeAfter: true));
    }
}
