using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>SSSE3 where sums of many products fit into 16 bits: one instruction multiplies, and one adds.</summary>
internal readonly struct Ssse3ShortLanes : IQuarterLanes
{
    public static byte Flip => 0;

    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right) =>
        (sums.AsInt16() + Ssse3.MultiplyAddAdjacent(left, right)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Widen(Vector128<int> sums) => Sse2.MultiplyAddAdjacent(sums.AsInt16(), Vector128<short>.One);
}
