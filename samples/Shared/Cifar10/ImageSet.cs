namespace Samples.Cifar10;

/// <summary>Images of one byte a pixel and plane, in the order [image, plane, row, column], with one label each.</summary>
public sealed class ImageSet
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    public ImageSet(byte[] pixels, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (pixels.Length != (long)labels.Length * ImageShape.Size)
        {
            throw new ArgumentException(
                $"{labels.Length} labels need {(long)labels.Length * ImageShape.Size} bytes of pixels; there are {pixels.Length}.",
                    nameof(pixels));
        }

        _pixels = pixels;
        _labels = labels;
    }

    public int Count => _labels.Length;

    public ReadOnlySpan<byte> Labels => _labels;

    public ReadOnlySpan<byte> Image(int index) => _pixels.AsSpan(index * ImageShape.Size, ImageShape.Size);

    /// <summary>The first <paramref name="count"/> images.</summary>
    public ImageSet Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return count == Count ? this : new ImageSet(_pixels[..(count * ImageShape.Size)], _labels[..count]);
    }

    /// <summary>Images one after another.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many, at least 1.</param>
    public ImageSet Part(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return new ImageSet(
            _pixels[(first * ImageShape.Size)..((first + count) * ImageShape.Size)], _labels[first..(first + count)]);
    }
}
