namespace AdaQat.Quantizers.Levels;

/// <summary>
/// Magnitudes of any spacing, from 0 up, and the middles between neighbours: x becomes the magnitude that is nearest, of two equally near
/// ones the smaller.
/// </summary>
/// <remarks>Numbers are sums of few powers of two, so that they and the middles are exact. A range scales them to its own length.</remarks>
internal sealed class LevelTable
{
    /// <summary>Widths up to this one have tables.</summary>
    public const int MaximumBits = 8;

    /// <param name="magnitudes">Ascending, 0 the first; the last, above 0, is where the range ends.</param>
    public LevelTable(IReadOnlyList<double> magnitudes)
    {
        Magnitudes = [.. magnitudes];
        Middles = [.. Magnitudes.Zip(Magnitudes.Skip(1), (low, high) => (low + high) / 2)];
    }

    /// <summary>The magnitudes, in the table's own unit.</summary>
    public double[] Magnitudes { get; }

    /// <summary>Half-way between each and the next.</summary>
    public double[] Middles { get; }

    /// <summary>The largest magnitude.</summary>
    public double Largest => Magnitudes[^1];
}
