using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>What Arm's instruction does, in vectors of any processor.</summary>
internal readonly struct PlainQuarterLanes : IQuarterLanes
{
    public static byte Flip => 128;

    public static bool IsShort => false;

    public static Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right)
    {
        for (var i = 0; i < 4; i++)
        {
            var sum = 0;
            for (var j = 0; j < 4; j++)
            {
                sum += (sbyte)left[(4 * i) + j] * right[(4 * i) + j];
            }

            sums = sums.WithElement(i, sums[i] + sum);
        }

        return sums;
    }

    public static Vector128<int> Widen(Vector128<int> sums) => sums;
}
