namespace ResNet20Cifar.Data;

/// <summary>(pixel / 255 − mean) / deviation, for each colour plane.</summary>
public sealed class ChannelNormalization
{
    public const int Levels = 256;

    private readonly float[] _table = new float[ImageShape.Channels * Levels];

    public ChannelNormalization(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        Mean = [.. mean];
        Deviation = [.. deviation];
        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            for (var level = 0; level < Levels; level++)
            {
                _table[channel * Levels + level] = (float)((level / 255.0 - mean[channel]) / deviation[channel]);
            }
        }
    }

    /// <summary>The published constants of CIFAR-10's training images.</summary>
    public static ChannelNormalization Cifar10 { get; } = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);

    public IReadOnlyList<double> Mean { get; }

    public IReadOnlyList<double> Deviation { get; }

    /// <summary>The 256 values that the bytes of one channel stand for.</summary>
    public ReadOnlySpan<float> Values(int channel) => _table.AsSpan(channel * Levels, Levels);

    /// <summary>The constants of a set of images.</summary>
    public static ChannelNormalization Of(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var mean = new double[ImageShape.Channels];
        var deviation = new double[ImageShape.Channels];
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
            var variance = squares / count / (255.0 * 255) - mean[channel] * mean[channel];
            deviation[channel] = Math.Sqrt(Math.Max(variance, 1e-6));
        }

        return new ChannelNormalization(mean, deviation);
    }
}
