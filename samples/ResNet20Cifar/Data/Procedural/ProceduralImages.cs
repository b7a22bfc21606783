namespace ResNet20Cifar.Data.Procedural;

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
            Draw((Figure)labels[index], new KeyedRandom(Stream, seed, index), pixels.AsSpan(index * ImageShape.Size, ImageShape.Size));
        });
        return new ImageSet(pixels, labels);
    }

    private static void Draw(Figure figure, KeyedRandom random, Span<byte> destination)
    {
        var canvas = new Canvas();
        var background = Colour.Random(ref random);
        var angle = random.NextSingle(0, MathF.Tau);
        canvas.FillGradient(
            background.Plus(random.NextSingle(-0.15f, 0.15f)), background.Plus(random.NextSingle(-0.15f, 0.15f)), MathF.Cos(angle),
                MathF.Sin(angle));
        Clutter(canvas, ref random);

        var radius = random.NextSingle(7.5f, 11f);
        var slack = ImageShape.Side / 2f - radius;
        const float Centre = (ImageShape.Side - 1) / 2f;
        var centreX = Centre + random.NextSingle(-slack, slack);
        var centreY = Centre + random.NextSingle(-slack, slack);
        var mask = new FigureMask(figure, radius, ref random);
        canvas.Paint(mask, centreX, centreY, radius, Contrasting(background, ref random));
        canvas.Develop(random.NextSingle(0.01f, 0.05f), ref random, destination);
    }

    private static void Clutter(Canvas canvas, ref KeyedRandom random)
    {
        var strokes = 1 + random.NextInt32(4);
        for (var index = 0; index < strokes; index++)
        {
            canvas.Stroke(
                random.NextSingle(0, ImageShape.Side),
                random.NextSingle(0, ImageShape.Side),
                random.NextSingle(0, ImageShape.Side),
                random.NextSingle(0, ImageShape.Side),
                random.NextSingle(0.4f, 1.6f),
                Colour.Random(ref random),
                random.NextSingle(0.15f, 0.5f));
        }
    }

    /// <summary>Any colour that is far enough from the background's to be seen.</summary>
    private static Colour Contrasting(Colour background, ref KeyedRandom random)
    {
        while (true)
        {
            var colour = Colour.Random(ref random);
            var (red, green, blue) = (colour.Red - background.Red, colour.Green - background.Green, colour.Blue - background.Blue);
            if (MathF.Sqrt(red * red + green * green + blue * blue) >= LeastContrast)
            {
                return colour;
            }
        }
    }
}
