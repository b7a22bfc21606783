using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>AVX2 where no sum of two products leaves 16 bits, which a layer has to prove: the instruction saturates there.</summary>
internal readonly struct Avx2PairLanes : IDotLanes
{
    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right) =>
        sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, right), Vector256<short>.One);

    public static Vector256<int> Widen(Vector256<int> sums) => sums;
}
