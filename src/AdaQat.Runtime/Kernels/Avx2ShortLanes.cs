using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>AVX2 where sums of many products fit into 16 bits: one instruction multiplies, and one adds.</summary>
internal readonly struct Avx2ShortLanes : IDotLanes
{
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right) =>
        (sums.AsInt16() + Avx2.MultiplyAddAdjacent(left, right)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector256<int> sums) => Avx2.MultiplyAddAdjacent(sums.AsInt16(), Vector256<short>.One);
}
