using System.Runtime.InteropServices;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ResNet20Cifar.Data.Batching;

/// <summary>Makes a batch: images go from bytes to augmented, normalised floats in the tensor's own memory, in one pass.</summary>
internal static class BatchTensors
{
    /// <param name="images">Where the images are.</param>
    /// <param name="indices">Which of them the batch has.</param>
    /// <param name="normalization">Turns bytes into numbers.</param>
    /// <param name="augmentation">What happens to the image at a place of the batch.</param>
    /// <param name="device">Where the batch shall be.</param>
    public static Batch Create(
        ImageSet images, ReadOnlySpan<int> indices, ChannelNormalization normalization, Func<int, CropFlip> augmentation, Device device)
    {
        var input = empty(indices.Length, ImageShape.Channels, ImageShape.Side, ImageShape.Side, dtype: ScalarType.Float32);
        var target = empty(indices.Length, dtype: ScalarType.Int64);
        var pixels = MemoryMarshal.Cast<byte, float>(input.bytes);
        var labels = MemoryMarshal.Cast<byte, long>(target.bytes);
        for (var place = 0; place < indices.Length; place++)
        {
            var index = indices[place];
            labels[place] = images.Labels[index];
            augmentation(place).Write(images.Image(index), normalization, pixels.Slice(place * ImageShape.Size, ImageShape.Size));
        }

        return device.type == DeviceType.CPU
            ? new Batch(input, target)
            : new Batch(input.to(device, disposeAfter: true), target.to(device, disposeAfter: true));
    }
}
