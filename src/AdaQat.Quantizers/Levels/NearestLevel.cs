using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Levels;

/// <summary>The level that x is nearest to: the one behind the last threshold that x exceeds.</summary>
/// <param name="levels">Ascending.</param>
/// <param name="thresholds">Ascending: one between each level and the next.</param>
internal readonly struct NearestLevel<T>(T[] levels, T[] thresholds)
    where T : unmanaged
{
    /// <summary>
    /// For as many elements as a vector has. All thresholds are looked at, one after the other: up to 8 bits that is faster than a search
    /// with its jumps, which no vector can make.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> x)
    {
        var (values, borders) = (levels, thresholds);
        var value = new Vector<T>(values[0]);
        for (var i = 0; i < borders.Length; i++)
        {
            value = Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<T>(borders[i])), new Vector<T>(values[i + 1]), value);
        }

        return value;
    }
}
