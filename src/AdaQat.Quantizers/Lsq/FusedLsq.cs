using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Lsq;

/// <summary>
/// LSQ's gradients in one pass over memory, whatever the granularity; where <see cref="FusedUniform"/> serves. The formula: <see
/// cref="LsqOperators"/>.
/// </summary>
internal static unsafe class FusedLsq
{
    /// <summary>∂L/∂s and ∂L/∂β, one for each scale, and ∂L/∂x where it is needed.</summary>
    /// <param name="gradient">∂L/∂x̂.</param>
    /// <param name="input">x.</param>
    /// <param name="numbers">The grid's.</param>
    /// <param name="form">The grid.</param>
    /// <param name="forInput">Gets ∂L/∂x: laid out as the input is; null where it is not needed.</param>
    public static (Tensor ForStep, Tensor ForOffset) Backward(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, Tensor? forInput) => input.dtype == ScalarType.Float32
        ? Backward<float>(gradient, input, numbers, form, forInput)
        : Backward<double>(gradient, input, numbers, form, forInput);

    private static (Tensor ForStep, Tensor ForOffset) Backward<T>(
        Tensor gradient, Tensor input, Tensor numbers, UniformForm form, Tensor? forInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var loop = new ScaleLoop<T>(input, form.Granularity, numbers);
        using var x = new DenseMemory<T>(input);
        using var g = DenseMemory<T>.LaidOutAs(input, gradient);
        using var table = new DenseMemory<T>(numbers);
        using var target = forInput is null ? null : new DenseMemory<T>(forInput);
        var (slopes, outside) = loop.Sum<UniformCodes<T>, LsqBackwardOperator<T>>(
            new UniformCodes<T>(form), x, g, target, static s => (s.Slope, s.Outside));
        var real = new ReadOnlySpan<T>(table.From(GridNumbers.RealZeroPoint * slopes.Length), slopes.Length);
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] += outside[i] * double.CreateChecked(real[i]);
        }

        using var scope = NewDisposeScope();
        return (
            tensor(slopes, dtype: ScalarType.Float64).to(input.dtype).MoveToOuterDisposeScope(),
            tensor(outside, dtype: ScalarType.Float64).to(input.dtype).MoveToOuterDisposeScope());
    }
}

/// <summary>x and ∂L/∂x̂ give ∂L/∂x, and the two sums that make up ∂L/∂s and ∂L/∂β.</summary>
internal struct LsqBackwardOperator<T>(UniformCell<T> cell) : IScaledOperator<T, UniformCodes<T>, LsqBackwardOperator<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>g·(q + o − x/s) inside, g·(q + o) outside.</summary>
    public Vector<T> Slope;

    /// <summary>g where x lies outside or at an end.</summary>
    public Vector<T> Outside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LsqBackwardOperator<T> At(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> form) =>
        new(new UniformCell<T>(numbers, place, form));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var ratio = cell.Ratio(first);
        var place = cell.Place(ratio);
        var (isInside, isOutside) = (cell.IsInside(place), cell.IsOutside(place));
        var steps = cell.Steps(cell.Saturate(cell.Unheld(ratio)));
        Slope += (isInside | isOutside) & (second * (steps - (isInside & ratio)));
        Outside += isOutside & second;
        return isInside & second;
    }
}
