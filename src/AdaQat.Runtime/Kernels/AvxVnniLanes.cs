using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>AVX-VNNI has an instruction for it, which doesn't saturate.</summary>
internal readonly struct AvxVnniLanes : IDotLanes
{
    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right) =>
        AvxVnni.MultiplyWideningAndAdd(sums, left, right);

    public static Vector256<int> Widen(Vector256<int> sums) => sums;
}
