using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// Levels that are 0 and powers of two, each twice the one before: the nearest is read off the exponent of a number, whatever their count.
/// </summary>
/// <remarks>
/// With the sign bit 0, half a unit of the exponent less one, added to the bit pattern, carries into the exponent where the mantissa is
/// above 1.5, and not where it is 1.5, as the smaller of two equally near levels wants it. Numbers too small to be normal have no such
/// exponent. Where levels lie so low, vectors with elements under the first level that is exact are not served; those are rare.
/// </remarks>
internal sealed class PowerLevels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _none;
    private readonly Vector<T> _least;
    private readonly Vector<T> _most;
    private readonly bool _isWhole;

    private PowerLevels(T none, T least, T most, bool isWhole) =>
        (_none, _least, _most, _isWhole) = (new Vector<T>(none), new Vector<T>(least), new Vector<T>(most), isWhole);

    /// <summary>Those of a table; null where it is none of this kind, or not exactly in this type and range.</summary>
    public static PowerLevels<T>? Of(T[] levels, T[] thresholds)
    {
        var (one, two) = (T.One, T.One + T.One);
        var most = levels[^1];
        if (levels.Length < 2 || levels[0] != T.Zero || !T.IsNormal(most) || !T.IsPow2(most))
        {
            return null;
        }

        // Half of the least level is exact, and so is one and a half of any.
        var smallest = T.ScaleB(one, typeof(T) == typeof(float) ? -125 : -1021);
        var first = levels.Length - 1;
        while (first > 1 && levels[first - 1] >= smallest && levels[first - 1] * two == levels[first]
            && thresholds[first - 1] == levels[first - 1] + (levels[first - 1] / two))
        {
            first--;
        }

        // The remainder below has to be what lies too low, and nothing else: a table of other levels that ends in powers is not ours.
        var isWhole = first == 1 && levels[1] >= smallest && thresholds[0] == levels[1] / two;
        return isWhole || (levels[first] >= smallest && levels[first - 1] < smallest && thresholds[first - 1] < levels[first])
            ? new PowerLevels<T>(thresholds[0], levels[first], most, isWhole)
            : null;
    }

    /// <summary>Whether these elements can be told by their exponents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Serves(Vector<T> x) =>
        _isWhole || (Vector.GreaterThan(x, Vector<T>.Zero) & Vector.LessThan(x, _least)) == Vector<T>.Zero;

    /// <summary>The levels of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> x)
    {
        var held = Vector.MaxNative(_least, Vector.MinNative(_most, Power(x)));
        return Vector.GreaterThan(x, _none) & held;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Power(Vector<T> x) => typeof(T) == typeof(float)
        ? ((x.As<T, uint>() + new Vector<uint>(0x003F_FFFF)) & new Vector<uint>(0x7F80_0000)).As<uint, T>()
        : ((x.As<T, ulong>() + new Vector<ulong>(0x0007_FFFF_FFFF_FFFF)) & new Vector<ulong>(0x7FF0_0000_0000_0000)).As<ulong, T>();
}
