using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Binary;

/// <summary>w gives ŵ. The numbers: α.</summary>
internal readonly struct BinaryForwardOperator<T>(Vector<T> scale) : IScaledOperator<T, NoForm, BinaryForwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinaryForwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) => new(numbers.Row(0, place));

    /// <summary>Adding 0 takes a zero's sign away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(first, Vector<T>.Zero), scale, -scale) + Vector<T>.Zero;
}

/// <summary>w and ∂L/∂ŵ give the straight-through gradient.</summary>
internal readonly struct BinaryThroughOperator<T> : IScaledOperator<T, NoForm, BinaryThroughOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinaryThroughOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => Vector.LessThanOrEqual(Vector.Abs(first), Vector<T>.One) & second;
}

/// <summary>w and ∂L/∂ŵ give Σ g·s.</summary>
internal struct BinarySumOperator<T> : IScaledOperator<T, NoForm, BinarySumOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinarySumOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Sum += Vector.ConditionalSelect(Vector.GreaterThanOrEqual(first, Vector<T>.Zero), second, -second);
        return second;
    }
}

/// <summary>w and ∂L/∂ŵ give the product rule's gradient. The numbers: α, and Σ g·s divided by the granule's weights.</summary>
internal readonly struct BinaryProductOperator<T>(Vector<T> scale, Vector<T> ofScale)
    : IScaledOperator<T, NoForm, BinaryProductOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinaryProductOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) =>
        new(numbers.Row(0, place), numbers.Row(1, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var through = Vector.LessThanOrEqual(Vector.Abs(first), Vector<T>.One) & second;
        var sign = (Vector.GreaterThan(first, Vector<T>.Zero) & Vector<T>.One) - (Vector.LessThan(first, Vector<T>.Zero) & Vector<T>.One);
        var result = (through * scale) + (sign * ofScale);
        return Vector.ConditionalSelect(Vector.Equals(scale, Vector<T>.Zero), second, result);
    }
}
