using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Eight sums at once: to each, four products of an unsigned and a signed byte are added.</summary>
internal interface IDotLanes
{
    /// <summary>Whether sums are pairs of 16 bits meanwhile, which hold what <see cref="DotChunks.Short"/> says.</summary>
    static abstract bool IsShort { get; }

    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right);

    /// <summary>Sums as 32 bits, exact modulo 2^32.</summary>
    static abstract Vector256<int> Widen(Vector256<int> sums);
}
