using AdaQat.Graph;

namespace AdaQat.Attaching;

/// <summary>
/// Uneven levels that are whole multiples of one step, such as powers of two: they lie on an evenly spaced grid of more bits, which gives
/// back values that are on them.
/// </summary>
internal static class CommonStep
{
    // Levels are rounded to 32 bits.
    private const double Tolerance = 1.0 / (1 << 20);

    // Codes have 8 bits at most.
    private const int Most = 127;

    /// <summary>The grid; null where there is no such step, or a level is more than 127 of it.</summary>
    public static QuantizeOperator? Of(IReadOnlyList<double> levels)
    {
        var magnitudes = levels.Select(Math.Abs).Where(level => level > 0).ToList();
        if (magnitudes.Count == 0)
        {
            return null;
        }

        var (least, most) = (magnitudes.Min(), magnitudes.Max());
        var steps = Math.Round(most / least);
        if (steps > Most || levels.Any(level => Math.Abs((level / least) - Math.Round(level / least)) > Tolerance * steps))
        {
            return null;
        }

        var step = most / steps;
        return new(step, 0, (long)Math.Round(levels.Min() / step), (long)Math.Round(levels.Max() / step));
    }
}
