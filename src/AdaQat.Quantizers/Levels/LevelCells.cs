using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// Many levels: their range is cut into cells of one width, and each knows how many thresholds lie before it. What lies in the element's
/// own cell is searched by halving, without a jump; mostly that is one threshold. A gather of AVX2 looks up eight float32 elements at once.
/// </summary>
/// <remarks>
/// An element's cell is computed as a threshold's is, and no step of that is decreasing. So thresholds in cells before the element's are
/// below it, and those in cells behind are not, whatever is rounded on the way: the count of thresholds below x is exact.
/// </remarks>
internal sealed unsafe class LevelCells<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>64 KB with the most: a core's second cache has them.</summary>
    private const int MostCells = 1 << 12;

    // Pinned: gathers read them by address.
    private readonly T[] _levels;
    private readonly T[] _thresholds;
    private readonly int[] _before;
    private readonly T[] _pairs;
    private readonly T _start;
    private readonly T _cellsPerUnit;
    private readonly T _lastCell;
    private readonly int _firstHalf;

    /// <param name="levels">Ascending.</param>
    /// <param name="thresholds">Ascending: one between each level and the next; at least one.</param>
    public LevelCells(T[] levels, T[] thresholds)
    {
        _start = thresholds[0];
        var (count, most) = ((int)BitOperations.RoundUpToPowerOf2((uint)thresholds.Length), int.MaxValue);
        while (most > 1 && count < MostCells)
        {
            count *= 2;
            _lastCell = T.CreateChecked(count - 1);
            _cellsPerUnit = T.CreateChecked(count) / (thresholds[^1] - _start);
            most = MostInOneCell(thresholds);
        }

        _firstHalf = (int)BitOperations.RoundUpToPowerOf2((uint)most + 1) / 2;
        _levels = Pinned(levels, levels.Length, T.Zero);
        // The search looks so far beyond the last one.
        _thresholds = Pinned(thresholds, thresholds.Length + (2 * _firstHalf), T.PositiveInfinity);
        _before = Before(thresholds, count);
        _pairs = most <= 1 ? Pairs(levels, thresholds, count) : [];
    }

    /// <summary>The levels of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> x) => typeof(T) == typeof(float) && Vector<T>.Count == Vector256<float>.Count && Avx2.IsSupported
        ? Gathered(x.As<T, float>().AsVector256()).AsVector().As<float, T>()
        : EachForItself(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Gathered(Vector256<float> x)
    {
        var place = (x - Vector256.Create(float.CreateTruncating(_start))) * Vector256.Create(float.CreateTruncating(_cellsPerUnit));
        // Of a NaN the second operand remains: the first cell.
        var held = Vector256.MinNative(
            Vector256.MaxNative(place, Vector256<float>.Zero), Vector256.Create(float.CreateTruncating(_lastCell)));
        var cell = Avx.ConvertToVector256Int32WithTruncation(held);
        if (_pairs.Length > 0)
        {
            var pairs = (float*)Address(_pairs);
            var first = Vector256.ShiftLeft(cell, 2);
            var isAbove = Vector256.GreaterThan(x, Avx2.GatherVector256(pairs, first, sizeof(float)));
            return Avx2.GatherVector256(pairs + 1, first - isAbove.AsInt32(), sizeof(float));
        }

        var thresholds = (float*)Address(_thresholds);
        var below = Avx2.GatherVector256(Address(_before), cell, sizeof(int));
        for (var half = _firstHalf; half > 0; half /= 2)
        {
            var isAbove = Vector256.GreaterThan(x, Avx2.GatherVector256(thresholds + (half - 1), below, sizeof(float)));
            below += isAbove.AsInt32() & Vector256.Create(half);
        }

        return Avx2.GatherVector256((float*)Address(_levels), below, sizeof(float));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Vector<T> EachForItself(Vector<T> x)
    {
        var result = x;
        for (var i = 0; i < Vector<T>.Count; i++)
        {
            Unsafe.Add(ref Unsafe.As<Vector<T>, T>(ref result), i) = _levels[Below(x[i])];
        }

        return result;
    }

    /// <summary>How many thresholds lie below x.</summary>
    private int Below(T x)
    {
        var below = _before[Cell(x)];
        for (var half = _firstHalf; half > 0; half /= 2)
        {
            below += x > _thresholds[below + half - 1] ? half : 0;
        }

        return below;
    }

    /// <summary>The operations of <see cref="Gathered"/>, one by one.</summary>
    private int Cell(T x)
    {
        var place = (x - _start) * _cellsPerUnit;
        return place > T.Zero ? int.CreateTruncating(place < _lastCell ? place : _lastCell) : 0;
    }

    private int MostInOneCell(T[] thresholds)
    {
        var (most, run, last) = (0, 0, -1);
        foreach (var threshold in thresholds)
        {
            var cell = Cell(threshold);
            (run, last) = (cell == last ? run + 1 : 1, cell);
            most = Math.Max(most, run);
        }

        return most;
    }

    /// <summary>For each cell, how many thresholds lie in cells before it.</summary>
    private int[] Before(T[] thresholds, int count)
    {
        var before = GC.AllocateUninitializedArray<int>(count, pinned: true);
        var (cell, counted) = (0, 0);
        foreach (var threshold in thresholds)
        {
            for (var own = Cell(threshold); cell <= own; cell++)
            {
                before[cell] = counted;
            }

            counted++;
        }

        before.AsSpan(cell).Fill(counted);
        return before;
    }

    /// <summary>For each cell its threshold, if it has one, and the levels on both sides of that; the fourth place is empty.</summary>
    private T[] Pairs(T[] levels, T[] thresholds, int count)
    {
        var pairs = GC.AllocateUninitializedArray<T>(4 * count, pinned: true);
        for (var cell = 0; cell < count; cell++)
        {
            var below = _before[cell];
            var has = below < thresholds.Length && Cell(thresholds[below]) == cell;
            pairs[4 * cell] = has ? thresholds[below] : T.PositiveInfinity;
            pairs[(4 * cell) + 1] = levels[below];
            pairs[(4 * cell) + 2] = levels[has ? below + 1 : below];
            pairs[(4 * cell) + 3] = T.Zero;
        }

        return pairs;
    }

    private static T[] Pinned(T[] values, int length, T beyond)
    {
        var pinned = GC.AllocateUninitializedArray<T>(length, pinned: true);
        values.CopyTo(pinned, 0);
        pinned.AsSpan(values.Length).Fill(beyond);
        return pinned;
    }

    private static TItem* Address<TItem>(TItem[] pinned)
        where TItem : unmanaged => (TItem*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
