namespace ResNet20Cifar.Data.Procedural;

/// <summary>
/// Where a figure is: how much of a pixel it covers, between 0 and 1, in coordinates centred on the figure whose radius is 1.
/// </summary>
public readonly struct FigureMask
{
    private const float PatchRadius = 1.25f;

    private readonly Figure _figure;
    private readonly float _cosine;
    private readonly float _sine;
    private readonly float _frequency;
    private readonly float _phaseX;
    private readonly float _phaseY;
    private readonly float _edge;

    /// <param name="figure">The class.</param>
    /// <param name="radius">The figure's radius in pixels: its edges are one pixel soft.</param>
    /// <param name="random">Gives pose and phase.</param>
    public FigureMask(Figure figure, float radius, ref KeyedRandom random)
    {
        _figure = figure;
        _edge = 1 / radius;
        var angle = Turn(figure, ref random);
        _cosine = MathF.Cos(angle);
        _sine = MathF.Sin(angle);
        // A period of 4.5 to 6.5 pixels, whatever the radius: finer than the figure, coarser than the pixel grid.
        _frequency = MathF.Tau * radius / random.NextSingle(4.5f, 6.5f);
        _phaseX = random.NextSingle(0, MathF.Tau);
        _phaseY = random.NextSingle(0, MathF.Tau);
    }

    public float At(float x, float y)
    {
        var u = _cosine * x + _sine * y;
        var v = _cosine * y - _sine * x;
        return _figure switch
        {
            Figure.Disc => Inside(Length(u, v) - 1),
            Figure.Ring => Inside(MathF.Abs(Length(u, v) - 0.8f) - 0.25f),
            Figure.Square => Inside(MathF.Max(MathF.Abs(u), MathF.Abs(v)) - 0.85f),
            Figure.Triangle => Inside(MathF.Max(v, MathF.Abs(u) * 0.866f - v * 0.5f) - 0.64f),
            Figure.Plus => Inside(MathF.Min(Box(u, v, 1.05f, 0.28f), Box(u, v, 0.28f, 1.05f))),
            Figure.HorizontalBars or Figure.VerticalBars or Figure.DiagonalBars => Patch(u, v) * Wave(u * _frequency + _phaseX),
            Figure.Checkerboard => Patch(u, v) * Wave(u * _frequency + _phaseX, v * _frequency + _phaseY),
            Figure.Dots => Patch(u, v) * Dot(u * _frequency + _phaseX, v * _frequency + _phaseY),
            _ => throw new InvalidOperationException($"{_figure} is not one of the ten figures."),
        };
    }

    /// <summary>How far the figure is turned: freely, as long as it stays what it is, also in a mirror.</summary>
    private static float Turn(Figure figure, ref KeyedRandom random)
    {
        var tilt = random.NextSingle(-0.15f, 0.15f);
        var quarters = random.NextBoolean() ? 1 : -1;
        return figure switch
        {
            Figure.Triangle => random.NextSingle(0, MathF.Tau),
            Figure.HorizontalBars => MathF.PI / 2 + tilt,
            Figure.DiagonalBars => quarters * MathF.PI / 4 + tilt,
            _ => tilt,
        };
    }

    private float Inside(float distance) => Math.Clamp(0.5f - distance / _edge, 0, 1);

    private float Patch(float u, float v) => Inside(Length(u, v) - PatchRadius);

    private static float Wave(float phase) => Math.Clamp(0.5f + 1.5f * MathF.Sin(phase), 0, 1);

    private static float Wave(float first, float second) => Math.Clamp(0.5f + 2.5f * MathF.Sin(first) * MathF.Sin(second), 0, 1);

    private static float Dot(float first, float second) => Math.Clamp(1.5f * (MathF.Cos(first) + MathF.Cos(second)) - 0.9f, 0, 1);

    private static float Length(float u, float v) => MathF.Sqrt(u * u + v * v);

    private static float Box(float u, float v, float width, float height) => MathF.Max(MathF.Abs(u) - width, MathF.Abs(v) - height);
}
