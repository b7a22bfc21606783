using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>AVX2 for any bytes: even and odd products apart, so that none meets another in 16 bits. |255 · −128| is below 2^15.</summary>
internal readonly struct Avx2SplitLanes : IDotLanes
{
    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right)
    {
        var even = Vector256.Create((ushort)0x00FF).AsByte();
        var evens = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left & even, right), Vector256<short>.One);
        var odds = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.AndNot(left, even), right), Vector256<short>.One);
        return sums + evens + odds;
    }

    public static Vector256<int> Widen(Vector256<int> sums) => sums;
}
