using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>t gives max|t|.</summary>
internal struct LargestOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Largest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Largest = Vector.Max(Largest, Vector.Abs(first));
        return first;
    }
}
