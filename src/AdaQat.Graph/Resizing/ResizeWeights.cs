namespace AdaQat.Graph;

/// <summary>Which pixels a place of a resized image is made of, along one axis, and how much of each.</summary>
internal static class ResizeWeights
{
    private const double CubicSharpness = -0.75;

    /// <param name="mode">How numbers between pixels are made.</param>
    /// <param name="alignsCorners">Whether the outermost pixels stay the outermost ones.</param>
    /// <param name="place">The place in the output.</param>
    /// <param name="size">How many pixels the input has.</param>
    /// <param name="places">How many the output has.</param>
    /// <param name="scaleRatio">1 / scale, where a scale was said.</param>
    /// <param name="type">The type of the run.</param>
    /// <param name="weights">Room for four.</param>
    /// <returns>How many there are.</returns>
    public static int Of(
        ResizeMode mode, bool alignsCorners, int place, int size, int places, double? scaleRatio, ElementType type,
        Span<PixelWeight> weights)
    {
        var ratio = alignsCorners ? (places > 1 ? (size - 1.0) / (places - 1) : 0) : scaleRatio ?? ((double)size / places);
        var position = alignsCorners ? place * ratio : ((place + 0.5) * ratio) - 0.5;
        switch (mode)
        {
            case ResizeMode.Nearest:
                weights[0] = new(Inside(Pixel(place, type == ElementType.Float32 ? (float)ratio : ratio), size), 1);
                return 1;
            case ResizeMode.NearestExact:
                weights[0] = new(Inside(Pixel(place + 0.5, ratio), size), 1);
                return 1;
            case ResizeMode.Linear:
                return Linear(position, size, weights);
            default:
                return Cubic(position, size, weights);
        }
    }

    /// <summary>
    /// ⌊position · ratio⌋, the product rounded to 32 bits as PyTorch does, which decides where it is nearly a whole number.
    /// </summary>
    private static int Pixel(double position, double ratio) => (int)MathF.Floor((float)(position * ratio));

    /// <summary>Before the first pixel's centre and behind the last one's, that pixel alone.</summary>
    private static int Linear(double position, int size, Span<PixelWeight> weights)
    {
        var first = Inside((int)position, size);
        var part = Math.Clamp(position - first, 0, 1);
        weights[0] = new(first, 1 - part);
        weights[1] = new(Inside(first + 1, size), part);
        return 2;
    }

    /// <summary>Keys' cubic convolution: two pixels on either side, the outermost pixels going on for ever.</summary>
    private static int Cubic(double position, int size, Span<PixelWeight> weights)
    {
        var first = (int)Math.Floor(position) - 1;
        for (var i = 0; i < 4; i++)
        {
            weights[i] = new(Inside(first + i, size), CubicWeight(Math.Abs(position - (first + i))));
        }

        return 4;
    }

    private static double CubicWeight(double distance) => distance <= 1
        ? ((((CubicSharpness + 2) * distance) - (CubicSharpness + 3)) * distance * distance) + 1
        : ((((distance - 5) * distance) + 8) * distance * CubicSharpness) - (4 * CubicSharpness);

    private static int Inside(int place, int size) => Math.Clamp(place, 0, size - 1);
}
