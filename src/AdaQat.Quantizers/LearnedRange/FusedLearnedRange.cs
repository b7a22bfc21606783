using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.LearnedRange;

/// <summary>
/// The gradients of a learned step and range in one pass over memory; where <see cref="FusedUniform"/> serves. The formula: <see
/// cref="LearnedRangeOperators"/>.
/// </summary>
internal static class FusedLearnedRange
{
    /// <summary>The two sums of <see cref="LearnedRangeOperators.BackwardGrid"/>, and ∂L/∂x where it is needed.</summary>
    /// <param name="gradient">∂L/∂x̂.</param>
    /// <param name="input">x.</param>
    /// <param name="numbers">The grid's.</param>
    /// <param name="form">The grid.</param>
    /// <param name="forInput">Gets ∂L/∂x: laid out as the input is; null where it is not needed.</param>
    public static (double Inside, double Beyond) Backward(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, Tensor? forInput) => input.dtype == ScalarType.Float32
        ? Backward<float>(gradient, input, numbers, form, forInput)
        : Backward<double>(gradient, input, numbers, form, forInput);

    private static (double Inside, double Beyond) Backward<T>(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, Tensor? forInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var loop = new ScaleLoop<T>(input, form.Granularity, numbers);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var target = forInput is null ? null : new DenseMemory<T>(forInput);
        var (inside, beyond) = loop.Sum<UniformCodes<T>, LearnedRangeBackwardOperator<T>>(
            new UniformCodes<T>(form), x, g, target, static s => (s.Inside, s.Beyond));
        return (inside[0], beyond[0]);
    }
}

/// <summary>x and ∂L/∂x̂ give ∂L/∂x, and the two sums that make up ∂L/∂d and ∂L/∂q.</summary>
internal struct LearnedRangeBackwardOperator<T>(UniformCell<T> cell)
    : IScaledOperator<T, UniformCodes<T>, LearnedRangeBackwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>g·(x̂ − x)/d where x is not beyond the largest value.</summary>
    public Vector<T> Inside;

    /// <summary>g·x̂/d where it is.</summary>
    public Vector<T> Beyond;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LearnedRangeBackwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> form) =>
        new(new UniformCell<T>(numbers, place, form));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var ratio = cell.Ratio(first);
        var place = cell.Place(ratio);
        var isInside = cell.IsCode(place);
        var steps = cell.Steps(cell.Saturate(cell.Unheld(ratio)));
        Inside += isInside & (second * (steps - ratio));
        Beyond += Vector.AndNot(cell.IsOutside(place), isInside) & (second * steps);
        return isInside & second;
    }
}
