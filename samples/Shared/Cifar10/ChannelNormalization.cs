namespace Samples.Cifar10;

/// <summary>(pixel / 255 − mean) / deviation, for each colour plane.</summary>
public sealed class ChannelNormalization(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
{
    private readonly float[][] _values =
    [
        .. Enumerable.Range(0, ImageShape.Channels).Select(channel => Enumerable.Range(0, 256)
            .Select(level => (float)(((level / 255.0) - mean[channel]) / deviation[channel])).ToArray()),
    ];

    /// <summary>The published constants of CIFAR-10's training images.</summary>
    public static ChannelNormalization Cifar10 { get; } = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);

    public IReadOnlyList<double> Mean => mean;

    public IReadOnlyList<double> Deviation => deviation;

    /// <summary>The 256 values that the bytes of one channel stand for.</summary>
    public ReadOnlySpan<float> Values(int channel) => _values[channel];

    /// <summary>The constants of a set of images.</summary>
    public static ChannelNormalization Of(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (mean, deviation) = (new double[ImageShape.Channels], new double[ImageShape.Channels]);
        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            long sum = 0, squares = 0;
            for (var index = 0; index < images.Count; index++)
            {
                foreach (var pixel in images.Image(index).Slice(channel * ImageShape.PlaneSize, ImageShape.PlaneSize))
                {
                    sum += pixel;
                    squares += pixel * pixel;
                }
            }

            var count = (double)images.Count * ImageShape.PlaneSize;
            mean[channel] = sum / count / 255;
            deviation[channel] = Math.Sqrt(Math.Max((squares / count / (255.0 * 255)) - (mean[channel] * mean[channel]), 1e-6));
        }

        return new ChannelNormalization(mean, deviation);
    }
}
