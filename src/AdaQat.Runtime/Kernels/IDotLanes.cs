using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Eight sums at once: to each, four products of an unsigned and a signed byte are added, exactly, modulo 2^32.</summary>
internal interface IDotLanes
{
    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> left, Vector256<sbyte> right);
}
