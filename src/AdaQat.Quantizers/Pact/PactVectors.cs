using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Pact;

/// <summary>PACT forward: x gives x̂.</summary>
internal readonly struct PactForwardOperator<T>(PactGrid<T> grid) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => grid.Quantize(grid.Clip(first));
}

/// <summary>PACT backward: x and ∂L/∂x̂ give ∂L/∂x, and the two sums that make up ∂L/∂α.</summary>
/// <typeparam name="T">The elements' type.</typeparam>
/// <typeparam name="TRange">Which of the two ranges: a type, so that the unsigned form does nothing for the lower end.</typeparam>
internal struct PactBackwardOperator<T, TRange>(PactGrid<T> grid) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRange : struct, IPactRange
{
    /// <summary>±g where x lies outside the range or at its end.</summary>
    public Vector<T> Outside;

    /// <summary>g·(x̂ − y) where it lies inside.</summary>
    public Vector<T> Inside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var y = grid.Clip(first);
        var isInside = grid.Inside(first);
        Outside += grid.IsAbove(first) & second;
        if (TRange.IsSigned)
        {
            Outside -= grid.IsBelow(first) & second;
        }

        Inside += isInside & (second * (grid.Quantize(y) - y));
        return isInside & second;
    }
}
