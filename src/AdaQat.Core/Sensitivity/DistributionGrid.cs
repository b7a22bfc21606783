namespace AdaQat;

/// <summary>The values that a tensor becomes at a width.</summary>
/// <param name="Bits">The width.</param>
/// <param name="First">The smallest value.</param>
/// <param name="Step">The distance of neighbouring values; 0 where they are not evenly spaced.</param>
/// <param name="Count">How many values there are, at least 1.</param>
/// <param name="Levels">The values, ascending; null where they are evenly spaced.</param>
/// <param name="Scales">How many scales the tensor has; with more than one, these are the values of the widest.</param>
public sealed record DistributionGrid(int Bits, double First, double Step, int Count, IReadOnlyList<double>? Levels, int Scales)
{
    /// <summary>The values of a grid.</summary>
    internal static DistributionGrid Of(int bits, QuantizationGrid grid)
    {
        if (grid is UniformGrid uniform)
        {
            var widest = Enumerable.Range(0, uniform.Scales.Count).MaxBy(i => uniform.Scales[i]);
            var (scale, offset) = (uniform.Scales[widest], uniform.Offsets[widest]);
            return new DistributionGrid(
                bits, scale * (uniform.SmallestCode + offset), scale, uniform.LargestCode - uniform.SmallestCode + 1, Levels: null,
                uniform.Scales.Count);
        }

        var levels = ((LevelGrid)grid).Levels.Order().ToList();
        return new DistributionGrid(bits, levels[0], 0, levels.Count, levels, 1);
    }
}
