namespace AdaQat.Graph;

/// <summary>A batch of images with channels, of one to three axes, seen as volumes: axes that are not there have the size 1.</summary>
internal readonly record struct ImageShape(int Batch, int Channels, int Depth, int Height, int Width)
{
    public int PlaneSize => Depth * Height * Width;

    /// <param name="shape">Batch, channels and one to three axes.</param>
    public static ImageShape Of(Shape shape)
    {
        var (depth, height, width) = ThreeOf(shape.AsSpan()[2..], 1);
        return new((int)shape[0], (int)shape[1], depth, height, width);
    }

    /// <summary>One to three numbers, the last axis last, as three; a filling stands for those that are not there.</summary>
    public static (int Depth, int Height, int Width) ThreeOf(ReadOnlySpan<long> numbers, int filling)
    {
        return (At(numbers, 3, filling), At(numbers, 2, filling), At(numbers, 1, filling));

        static int At(ReadOnlySpan<long> numbers, int fromEnd, int filling) =>
            fromEnd <= numbers.Length ? (int)numbers[^fromEnd] : filling;
    }

    /// <summary>The numbers of one channel of one image.</summary>
    public Span<double> Plane(Span<double> values, int image, int channel) =>
        values.Slice(((image * Channels) + channel) * PlaneSize, PlaneSize);

    /// <summary>The numbers of one channel of one image.</summary>
    public ReadOnlySpan<double> Plane(ReadOnlySpan<double> values, int image, int channel) =>
        values.Slice(((image * Channels) + channel) * PlaneSize, PlaneSize);
}
