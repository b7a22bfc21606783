using System.Numerics;

namespace AdaQat.Quantizers.Kernels;

/// <summary>What is done with a vector's worth of elements of two arrays; it may keep sums of its own.</summary>
internal interface IVectorOperator<T>
    where T : unmanaged
{
    /// <summary>The elements of the result. Must leave its sums as they are where both inputs are zeros.</summary>
    Vector<T> At(Vector<T> first, Vector<T> second);
}
