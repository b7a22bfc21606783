using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace AdaQat.Runtime;

/// <summary>Arm's dot product, tried in an emulator only. What is around it is tried with <see cref="PlainQuarterLanes"/>.</summary>
internal readonly struct ArmDotLanes : IQuarterLanes
{
    public static byte Flip => 128;

    public static bool IsShort => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right) =>
        Dp.DotProduct(sums, left.AsSByte(), right);

    public static Vector128<int> Widen(Vector128<int> sums) => sums;
}
