namespace AdaQat.Observers;

/// <summary>The squared error of rounding the values of a histogram to a grid.</summary>
internal sealed class GridError
{
    private readonly double[] _centres;
    private readonly double[] _counts;

    public GridError(ValueHistogram histogram)
    {
        var bins = histogram.Bins().Append((Centre: 0.0, Count: histogram.Zeros)).ToList();
        _centres = [.. bins.Select(b => b.Centre)];
        _counts = [.. bins.Select(b => (double)b.Count)];
    }

    /// <summary>Σ n·(c − q(c))².</summary>
    public double Of(QuantizationGrid grid) => grid switch
    {
        UniformGrid uniform => OfUniform(uniform.Scales[0], uniform.Offsets[0], uniform.SmallestCode, uniform.LargestCode),
        LevelGrid levels => OfLevels([.. levels.Levels.Order()]),
        _ => throw new NotSupportedException($"{grid.GetType().Name} is no grid that an observer knows."),
    };

    private double OfUniform(double scale, double offset, int smallest, int largest)
    {
        var sum = 0.0;
        for (var i = 0; i < _centres.Length; i++)
        {
            var code = scale == 0 ? -offset : Math.Clamp(Math.Round((_centres[i] / scale) - offset), smallest, largest);
            var error = _centres[i] - (scale * (code + offset));
            sum += _counts[i] * error * error;
        }

        return sum;
    }

    private double OfLevels(double[] levels)
    {
        var sum = 0.0;
        for (var i = 0; i < _centres.Length; i++)
        {
            var place = Array.BinarySearch(levels, _centres[i]);
            var above = Math.Min(place < 0 ? ~place : place, levels.Length - 1);
            var below = Math.Max(above - 1, 0);
            var error = Math.Min(Math.Abs(levels[above] - _centres[i]), Math.Abs(levels[below] - _centres[i]));
            sum += _counts[i] * error * error;
        }

        return sum;
    }
}
