namespace ResNet20Cifar.Data.Procedural;

/// <summary>An image being painted, layer over layer.</summary>
public sealed class Canvas
{
    private readonly Colour[] _pixels = new Colour[ImageShape.PlaneSize];

    /// <summary>A soft transition between two colours, in any direction.</summary>
    public void FillGradient(Colour from, Colour to, float directionX, float directionY)
    {
        const float Centre = (ImageShape.Side - 1) / 2f;
        for (var index = 0; index < _pixels.Length; index++)
        {
            var (y, x) = Math.DivRem(index, ImageShape.Side);
            var along = ((x - Centre) * directionX + (y - Centre) * directionY) / ImageShape.Side + 0.5f;
            _pixels[index] = from.Towards(to, Math.Clamp(along, 0, 1));
        }
    }

    /// <summary>A stroke with round ends.</summary>
    public void Stroke(float fromX, float fromY, float toX, float toY, float halfWidth, Colour colour, float opacity)
    {
        var (spanX, spanY) = (toX - fromX, toY - fromY);
        var squared = MathF.Max(spanX * spanX + spanY * spanY, 1e-6f);
        for (var index = 0; index < _pixels.Length; index++)
        {
            var (y, x) = Math.DivRem(index, ImageShape.Side);
            var along = Math.Clamp(((x - fromX) * spanX + (y - fromY) * spanY) / squared, 0, 1);
            var (awayX, awayY) = (x - fromX - along * spanX, y - fromY - along * spanY);
            var cover = Math.Clamp(halfWidth + 0.5f - MathF.Sqrt(awayX * awayX + awayY * awayY), 0, 1);
            _pixels[index] = _pixels[index].Towards(colour, cover * opacity);
        }
    }

    public void Paint(in FigureMask mask, float centreX, float centreY, float radius, Colour colour)
    {
        for (var index = 0; index < _pixels.Length; index++)
        {
            var (y, x) = Math.DivRem(index, ImageShape.Side);
            _pixels[index] = _pixels[index].Towards(colour, mask.At((x - centreX) / radius, (y - centreY) / radius));
        }
    }

    /// <summary>Noise, nearly normal in distribution, its own in every pixel and plane; then rounded to bytes.</summary>
    public void Develop(float noise, ref KeyedRandom random, Span<byte> destination)
    {
        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            var plane = destination.Slice(channel * ImageShape.PlaneSize, ImageShape.PlaneSize);
            for (var index = 0; index < _pixels.Length; index++)
            {
                // The sum of three uniform numbers over ±1 has a variance of 1.
                var grain = random.NextSingle(-1, 1) + random.NextSingle(-1, 1) + random.NextSingle(-1, 1);
                plane[index] = (byte)(255 * Math.Clamp(_pixels[index][channel] + noise * grain, 0, 1) + 0.5f);
            }
        }
    }
}
