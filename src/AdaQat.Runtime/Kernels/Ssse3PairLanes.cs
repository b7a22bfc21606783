using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>SSSE3 where no sum of two products leaves 16 bits, which a layer has to prove: the instruction saturates there.</summary>
internal readonly struct Ssse3PairLanes : IQuarterLanes
{
    public static byte Flip => 0;

    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right) =>
        sums + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(left, right), Vector128<short>.One);

    public static Vector128<int> Widen(Vector128<int> sums) => sums;
}
