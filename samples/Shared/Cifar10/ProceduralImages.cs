using System.Numerics;
using AdaQat.Training;

namespace Samples.Cifar10;

/// <summary>
/// Ten classes of small colour images that need no download, for machines without network: a shape or a texture of any colour, place and
/// size over a cluttered background. Lighter or darker than its surroundings by chance, a figure leaves no trace in the mean of any pixel,
/// so a linear classifier learns next to nothing while a convolutional network learns nearly all.
/// </summary>
public static class ProceduralImages
{
    public const string Name = "procedural shapes and textures";
    public const int TrainImages = 8_000;
    public const int TestImages = 2_000;

    private const long Stream = 3;
    private const long Seed = 20_240_416;
    private const float LeastContrast = 0.4f;
    private static readonly Vector2 Centre = new((ImageShape.Side - 1) / 2f);

    /// <summary>The set: the same images on every call.</summary>
    public static ImageDataset Create()
    {
        var train = Generate(Seed, TrainImages);
        return new ImageDataset(Name, train, Generate(Seed + 1, TestImages), ChannelNormalization.Of(train));
    }

    /// <summary>As many of each class as of every other (give or take one), in mixed order.</summary>
    public static ImageSet Generate(long seed, int count)
    {
        var pixels = new byte[count * ImageShape.Size];
        var labels = new byte[count];
        Parallel.For(0, count, index =>
        {
            labels[index] = (byte)(index % ImageShape.Classes);
            Draw(labels[index], new KeyedRandom(Stream, seed, index), pixels.AsSpan(index * ImageShape.Size, ImageShape.Size));
        });
        return new ImageSet(pixels, labels);
    }

    private static void Draw(int figure, KeyedRandom random, Span<byte> image)
    {
        var background = Colour(ref random);
        var shade = new Vector2(random.NextSingle(-0.15f, 0.15f), random.NextSingle(-0.15f, 0.15f));
        var (sine, cosine) = MathF.SinCos(random.NextSingle(0, MathF.Tau));
        var clutter = new Func<Vector2, Vector3, Vector3>[1 + random.NextInt32(4)];
        for (var index = 0; index < clutter.Length; index++)
        {
            clutter[index] = Stroke(ref random);
        }

        var radius = random.NextSingle(7.5f, 11f);
        var slack = (ImageShape.Side / 2f) - radius;
        var centre = Centre + new Vector2(random.NextSingle(-slack, slack), random.NextSingle(-slack, slack));
        var mask = Mask(figure, radius, ref random);
        var colour = Contrasting(background, ref random);
        var noise = random.NextSingle(0.01f, 0.05f);
        for (var index = 0; index < ImageShape.PlaneSize; index++)
        {
            var (row, column) = Math.DivRem(index, ImageShape.Side);
            var at = new Vector2(column, row);
            var along = Math.Clamp((Vector2.Dot(at - Centre, new Vector2(cosine, sine)) / ImageShape.Side) + 0.5f, 0, 1);
            var pixel = background + new Vector3(float.Lerp(shade.X, shade.Y, along));
            foreach (var stroke in clutter)
            {
                pixel = stroke(at, pixel);
            }

            pixel = Vector3.Lerp(pixel, colour, mask((at - centre) / radius));
            for (var channel = 0; channel < ImageShape.Channels; channel++)
            {
                // The sum of three uniform numbers over ±1 has a variance of 1.
                var grain = random.NextSingle(-1, 1) + random.NextSingle(-1, 1) + random.NextSingle(-1, 1);
                image[(channel * ImageShape.PlaneSize) + index] =
                    (byte)((255 * Math.Clamp(pixel[channel] + (noise * grain), 0, 1)) + 0.5f);
            }
        }
    }

    /// <summary>Paints a line with round ends over what is there.</summary>
    private static Func<Vector2, Vector3, Vector3> Stroke(ref KeyedRandom random)
    {
        var from = new Vector2(random.NextSingle(0, ImageShape.Side), random.NextSingle(0, ImageShape.Side));
        var span = new Vector2(random.NextSingle(0, ImageShape.Side), random.NextSingle(0, ImageShape.Side)) - from;
        var (halfWidth, opacity) = (random.NextSingle(0.4f, 1.6f), random.NextSingle(0.15f, 0.5f));
        var colour = Colour(ref random);
        return (at, below) =>
        {
            var along = Math.Clamp(Vector2.Dot(at - from, span) / MathF.Max(span.LengthSquared(), 1e-6f), 0, 1);
            var cover = Math.Clamp(halfWidth + 0.5f - Vector2.Distance(at, from + (along * span)), 0, 1);
            return Vector3.Lerp(below, colour, cover * opacity);
        };
    }

    /// <summary>How much of a pixel the figure covers, 0 to 1, in coordinates centred on the figure whose radius is 1.</summary>
    private static Func<Vector2, float> Mask(int figure, float radius, ref KeyedRandom random)
    {
        var tilt = random.NextSingle(-0.15f, 0.15f);
        var either = random.NextBoolean() ? 1 : -1;
        // A period of 4.5 to 6.5 pixels, whatever the radius: finer than the figure, coarser than the pixel grid.
        var frequency = MathF.Tau * radius / random.NextSingle(4.5f, 6.5f);
        var phase = new Vector2(random.NextSingle(0, MathF.Tau), random.NextSingle(0, MathF.Tau));
        return figure switch
        {
            0 => Turned(tilt, p => Inside(p.Length() - 1)),
            1 => Turned(tilt, p => Inside(MathF.Abs(p.Length() - 0.8f) - 0.25f)),
            2 => Turned(tilt, p => Inside(Box(p, 0.85f, 0.85f))),
            3 => Turned(random.NextSingle(0, MathF.Tau), p => Inside(MathF.Max(p.Y, (MathF.Abs(p.X) * 0.866f) - (p.Y * 0.5f)) - 0.64f)),
            4 => Turned(tilt, p => Inside(MathF.Min(Box(p, 1.05f, 0.28f), Box(p, 0.28f, 1.05f)))),
            5 => Texture((MathF.PI / 2) + tilt, q => 0.5f + (1.5f * MathF.Sin(q.X))),
            6 => Texture(tilt, q => 0.5f + (1.5f * MathF.Sin(q.X))),
            7 => Texture((either * MathF.PI / 4) + tilt, q => 0.5f + (1.5f * MathF.Sin(q.X))),
            8 => Texture(tilt, q => 0.5f + (2.5f * MathF.Sin(q.X) * MathF.Sin(q.Y))),
            _ => Texture(tilt, q => (1.5f * (MathF.Cos(q.X) + MathF.Cos(q.Y))) - 0.9f),
        };

        // Edges are one pixel soft.
        float Inside(float distance) => Math.Clamp(0.5f - (distance * radius), 0, 1);

        Func<Vector2, float> Texture(float angle, Func<Vector2, float> wave) =>
            Turned(angle, p => Inside(p.Length() - 1.25f) * Math.Clamp(wave((p * frequency) + phase), 0, 1));

        static Func<Vector2, float> Turned(float angle, Func<Vector2, float> shape)
        {
            var turn = Matrix3x2.CreateRotation(angle);
            return p => shape(Vector2.Transform(p, turn));
        }

        static float Box(Vector2 p, float width, float height) => MathF.Max(MathF.Abs(p.X) - width, MathF.Abs(p.Y) - height);
    }

    private static Vector3 Colour(ref KeyedRandom random) => new(random.NextSingle(), random.NextSingle(), random.NextSingle());

    /// <summary>Any colour that is far enough from the background's to be seen.</summary>
    private static Vector3 Contrasting(Vector3 background, ref KeyedRandom random)
    {
        while (true)
        {
            var colour = Colour(ref random);
            if (Vector3.Distance(colour, background) >= LeastContrast)
            {
                return colour;
            }
        }
    }
}
