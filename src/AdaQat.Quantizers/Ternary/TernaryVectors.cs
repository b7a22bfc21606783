using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Ternary;

/// <summary>w gives Σ|w| and the count of those above the threshold. The numbers: Δ.</summary>
internal struct TernarySumOperator<T>(Vector<T> threshold) : IScaledOperator<T, NoForm, TernarySumOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Sum;
    public Vector<T> Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TernarySumOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) => new(numbers.Row(0, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var magnitude = Vector.Abs(first);
        var isAbove = Vector.GreaterThan(magnitude, threshold);
        Sum += isAbove & magnitude;
        Count += isAbove & Vector<T>.One;
        return first;
    }
}

/// <summary>w gives TWN's ŵ. The numbers: Δ and a.</summary>
internal readonly struct TernaryForwardOperator<T>(Vector<T> threshold, Vector<T> scale)
    : IScaledOperator<T, NoForm, TernaryForwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TernaryForwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) =>
        new(numbers.Row(0, place), numbers.Row(1, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var isAbove = Vector.GreaterThan(Vector.Abs(first), threshold);
        var sign = Vector.ConditionalSelect(Vector.LessThan(first, Vector<T>.Zero), -Vector<T>.One, Vector<T>.One);
        return (isAbove & sign) * scale;
    }
}

/// <summary>w gives TTQ's ŵ. The numbers: Δ, p and n.</summary>
internal readonly struct LearnedTernaryForwardOperator<T>(Vector<T> threshold, Vector<T> positive, Vector<T> negative)
    : IScaledOperator<T, NoForm, LearnedTernaryForwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LearnedTernaryForwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) =>
        new(numbers.Row(0, place), numbers.Row(1, place), numbers.Row(2, place));

    /// <summary>The last difference is 0, or NaN where the threshold is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var value = Vector.ConditionalSelect(
            Vector.GreaterThan(first, threshold), positive, Vector.LessThan(first, -threshold) & -negative);
        return value + (threshold - threshold);
    }
}

/// <summary>w and ∂L/∂ŵ give TTQ's gradient, and Σ g where w is above Δ, and where it is below −Δ. The numbers: Δ, p and n.</summary>
internal struct LearnedTernaryBackwardOperator<T>(Vector<T> threshold, Vector<T> positive, Vector<T> negative)
    : IScaledOperator<T, NoForm, LearnedTernaryBackwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Above;
    public Vector<T> Below;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LearnedTernaryBackwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in NoForm form) =>
        new(numbers.Row(0, place), numbers.Row(1, place), numbers.Row(2, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var (isAbove, isBelow) = (Vector.GreaterThan(first, threshold), Vector.LessThan(first, -threshold));
        Above += isAbove & second;
        Below += isBelow & second;
        return second * Vector.ConditionalSelect(isAbove, positive, Vector.ConditionalSelect(isBelow, negative, Vector<T>.One));
    }
}
