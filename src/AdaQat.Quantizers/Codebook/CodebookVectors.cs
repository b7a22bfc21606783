using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers.Codebook;

/// <summary>w gives ŵ.</summary>
internal readonly struct CodebookForwardOperator<T>(NearestLevel<T> nearest) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) =>
        Vector.ConditionalSelect(Vector.Equals(first, first), nearest.Of(first) + Vector<T>.Zero, first);
}

/// <summary>w gives the place of its level.</summary>
internal readonly struct CodebookPlaceOperator<T>(NearestLevel<T> places) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => places.Of(first);
}
