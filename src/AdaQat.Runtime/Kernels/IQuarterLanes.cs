using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Four sums at once: to each, four products of two signed bytes are added.</summary>
internal interface IQuarterLanes
{
    static abstract Vector128<int> Add(Vector128<int> sums, Vector128<sbyte> left, Vector128<sbyte> right);
}
