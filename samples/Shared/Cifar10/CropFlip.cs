using AdaQat.Training;

namespace Samples.Cifar10;

/// <summary>
/// The standard augmentation for CIFAR: the image, padded by four black pixels on each side, cropped at (<paramref name="Top"/>,
/// <paramref name="Left"/>) of the padded image and perhaps mirrored.
/// </summary>
/// <param name="Top">0 to 8; 4 is the centre.</param>
/// <param name="Left">0 to 8; 4 is the centre.</param>
/// <param name="Mirrored">Whether left and right change places, after the crop.</param>
public readonly record struct CropFlip(int Top, int Left, bool Mirrored)
{
    public const int Padding = 4;

    private const long Stream = 2;

    /// <summary>The image as it is.</summary>
    public static CropFlip None { get; } = new(Padding, Padding, false);

    /// <summary>What happens to the image at one place of one epoch.</summary>
    public static CropFlip At(long seed, int epoch, int position)
    {
        var random = new KeyedRandom(Stream, seed, epoch, position);
        return new CropFlip(random.NextInt32(2 * Padding + 1), random.NextInt32(2 * Padding + 1), random.NextBoolean());
    }

    /// <summary>Writes the augmented, normalised image, straight from its bytes.</summary>
    public void Write(ReadOnlySpan<byte> image, ChannelNormalization normalization, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            WritePlane(
                image.Slice(channel * ImageShape.PlaneSize, ImageShape.PlaneSize),
                normalization.Values(channel),
                destination.Slice(channel * ImageShape.PlaneSize, ImageShape.PlaneSize));
        }
    }

    private void WritePlane(ReadOnlySpan<byte> plane, ReadOnlySpan<float> values, Span<float> destination)
    {
        const int Side = ImageShape.Side;
        var black = values[0];
        var shift = Left - Padding;
        var first = Math.Max(0, -shift);
        var end = Math.Min(Side, Side - shift);
        for (var y = 0; y < Side; y++)
        {
            var row = destination.Slice(y * Side, Side);
            var sourceY = y + Top - Padding;
            if (sourceY is < 0 or >= Side)
            {
                row.Fill(black);
                continue;
            }

            var source = plane.Slice(sourceY * Side + first + shift, end - first);
            var inside = row.Slice(first, source.Length);
            for (var x = 0; x < source.Length; x++)
            {
                inside[x] = values[source[x]];
            }

            row[..first].Fill(black);
            row[end..].Fill(black);
            if (Mirrored)
            {
                row.Reverse();
            }
        }
    }
}
