using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Four sums at once: to each, four products of bytes are added.</summary>
internal interface IQuarterLanes
{
    /// <summary>
    /// What is flipped in the input's bytes before: nothing, where they are unsigned; the highest bit, where the instruction wants them
    /// signed, which takes 128 from each.
    /// </summary>
    static abstract byte Flip { get; }

    /// <summary>Whether sums are pairs of 16 bits meanwhile, which hold what <see cref="DotChunks.Short"/> says.</summary>
    static abstract bool IsShort { get; }

    static abstract Vector128<int> Add(Vector128<int> sums, Vector128<byte> left, Vector128<sbyte> right);

    /// <summary>Sums as 32 bits, exact modulo 2^32.</summary>
    static abstract Vector128<int> Widen(Vector128<int> sums);
}
