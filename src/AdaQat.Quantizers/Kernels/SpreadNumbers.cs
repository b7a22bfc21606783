using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// A table with a column a scale, spread over the elements of short rows: a column an element, as often as scales go round.
/// </summary>
internal sealed unsafe class SpreadNumbers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _table;
    private readonly long _columns;

    /// <param name="table">Row after row.</param>
    /// <param name="rowCount">The table's rows.</param>
    /// <param name="rows">Which elements share a scale.</param>
    public SpreadNumbers(T* table, int rowCount, RowWalk rows)
    {
        Period = PeriodOf(rows);
        // A vector may begin at the last place.
        _columns = Period + Vector<T>.Count - 1;
        _table = GC.AllocateUninitializedArray<T>(checked((int)(rowCount * _columns)), pinned: true);
        for (var row = 0; row < rowCount; row++)
        {
            var target = _table.AsSpan((int)(row * _columns), (int)_columns);
            Spread(new ReadOnlySpan<T>(table + (row * rows.Scales), (int)rows.Scales), target, (int)rows.Length);
        }
    }

    /// <summary>After how many elements the table begins anew: whole rounds of all scales, a vector at least.</summary>
    public long Period { get; }

    public ScaleNumbers<T> Numbers =>
        new((T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_table)), _columns, isSpread: true);

    /// <summary>See <see cref="Period"/>.</summary>
    public static long PeriodOf(RowWalk rows)
    {
        var round = rows.Length * rows.Scales;
        return (Vector<T>.Count + round - 1) / round * round;
    }

    private static void Spread(ReadOnlySpan<T> numbers, Span<T> target, int length)
    {
        var scale = 0;
        while (target.Length > 0)
        {
            var row = target[..Math.Min(length, target.Length)];
            row.Fill(numbers[scale]);
            target = target[row.Length..];
            scale = scale + 1 == numbers.Length ? 0 : scale + 1;
        }
    }
}
