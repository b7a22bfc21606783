using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// The level that x is nearest to: the one behind the last threshold that x exceeds. For as many elements as a vector has; NaN becomes any
/// level.
/// </summary>
internal readonly struct NearestLevel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// So few thresholds are compared one after the other: measured against <see cref="LevelCells{T}"/>, whose cost is constant.
    /// </summary>
    private const int FewThresholds = 19;

    private readonly T[] _levels;
    private readonly T[] _thresholds;
    private readonly PowerLevels<T>? _powers;
    private readonly LevelCells<T>? _cells;

    /// <param name="levels">Ascending.</param>
    /// <param name="thresholds">Ascending: one between each level and the next.</param>
    public NearestLevel(T[] levels, T[] thresholds)
    {
        (_levels, _thresholds) = (levels, thresholds);
        _powers = PowerLevels<T>.Of(levels, thresholds);
        _cells = _powers is null && thresholds.Length > FewThresholds ? new LevelCells<T>(levels, thresholds) : null;
    }

    /// <summary>The levels of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> x)
    {
        if (_powers is { } powers)
        {
            return powers.Serves(x) ? powers.Of(x) : OneAfterTheOther(x);
        }

        return _cells is { } cells ? cells.Of(x) : OneAfterTheOther(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<T> OneAfterTheOther(Vector<T> x)
    {
        var (values, borders) = (_levels, _thresholds);
        var value = new Vector<T>(values[0]);
        for (var i = 0; i < borders.Length; i++)
        {
            value = Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<T>(borders[i])), new Vector<T>(values[i + 1]), value);
        }

        return value;
    }
}
