using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// What a table says of the scales of as many neighbouring elements as a vector has: one scale's numbers for all of them, or, in short
/// rows, those of each, from a table that is spread over the elements.
/// </summary>
internal readonly unsafe struct ScaleNumbers<T>(T* table, long columns, bool isSpread)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A row of the table at a place: a column, or the first of several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Row(int row, long place)
    {
        var number = table + (row * columns) + place;
        return isSpread ? Vector.Load(number) : new Vector<T>(*number);
    }
}
