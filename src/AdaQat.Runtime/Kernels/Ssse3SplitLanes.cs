using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>SSSE3 for any bytes: even and odd products apart, so that none meets another in 16 bits. |255 · −128| is below 2^15.</summary>
internal readonly struct Ssse3SplitLanes : IQuarterLanes
{
    public static byte Flip => 0;

    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right)
    {
        var even = Vector128.Create((ushort)0x00FF).AsByte();
        var evens = Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(left & even, right), Vector128<short>.One);
        var odds = Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(Vector128.AndNot(left, even), right), Vector128<short>.One);
        return sums + evens + odds;
    }

    public static Vector128<int> Widen(Vector128<int> sums) => sums;
}
