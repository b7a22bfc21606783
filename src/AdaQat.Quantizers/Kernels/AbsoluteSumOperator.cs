using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>w gives Σ|w|.</summary>
internal struct AbsoluteSumOperator<T> : IScaledOperator<T, NoForm, AbsoluteSumOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AbsoluteSumOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Sum += Vector.Abs(first);
        return first;
    }
}
