using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Uniform;

/// <summary>x gives x̂, codes saturating.</summary>
internal readonly struct SaturatingOperator<T>(UniformCell<T> cell) : IScaledOperator<T, UniformCodes<T>, SaturatingOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SaturatingOperator<T> At(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> form) =>
        new(new UniformCell<T>(numbers, place, form));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => cell.Value(cell.Saturate(cell.Unheld(cell.Ratio(first))));
}

/// <summary>x gives x̂, codes going round.</summary>
internal readonly struct WrappingOperator<T>(UniformCell<T> cell) : IScaledOperator<T, UniformCodes<T>, WrappingOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WrappingOperator<T> At(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> form) =>
        new(new UniformCell<T>(numbers, place, form));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => cell.Value(cell.Wrap(cell.Unheld(cell.Ratio(first))));
}

/// <summary>x and ∂L/∂x̂ give ∂L/∂x, codes saturating.</summary>
internal readonly struct UniformBackwardOperator<T>(UniformCell<T> cell) : IScaledOperator<T, UniformCodes<T>, UniformBackwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UniformBackwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> form) =>
        new(new UniformCell<T>(numbers, place, form));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => cell.IsCode(cell.Unheld(cell.Ratio(first))) & second;
}

/// <summary>x gives the smallest and the largest of its finite elements and 0.</summary>
internal struct RangeOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Low;
    public Vector<T> High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var finite = first & Vector.LessThan(Vector.Abs(first), new Vector<T>(T.PositiveInfinity));
        Low = Vector.Min(Low, finite);
        High = Vector.Max(High, finite);
        return first;
    }
}
