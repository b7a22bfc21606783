using System.Numerics;
using System.Runtime.CompilerServices;

namespace AdaQat.Quantizers.Kernels;

/// <summary>PACT forward: x gives x̂.</summary>
internal readonly struct PactForwardStep<T>(PactGrid<T> grid) : IVectorStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => grid.Quantize(grid.Clip(first));
}

/// <summary>PACT backward: x and ∂L/∂x̂ give ∂L/∂x, and the two sums that make up ∂L/∂α.</summary>
internal struct PactBackwardStep<T>(PactGrid<T> grid) : IVectorStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
        Outside += grid.Outside(first, second);
        Inside += isInside & (second * (grid.Quantize(y) - y));
        return isInside & second;
    }
}
