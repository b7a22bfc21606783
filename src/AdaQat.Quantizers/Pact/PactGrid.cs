using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Pact;

/// <summary>
/// PACT's formula on as many elements as a vector has, operation by operation in the order of <see cref="PactOperators"/>.
/// </summary>
/// <remarks>The range is [low, α] with low = 0 or −α. One signed bit has no such grid.</remarks>
internal readonly struct PactGrid<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _alpha;
    private readonly Vector<T> _low;
    private readonly Vector<T> _steps;
    private readonly Vector<T> _stepSize;

    public PactGrid(T alpha, int bits, bool isSigned)
    {
        var steps = T.CreateChecked(isSigned ? Grid.SignedSteps(bits) : Grid.Steps(bits));
        _alpha = new Vector<T>(alpha);
        _low = isSigned ? new Vector<T>(-alpha) : Vector<T>.Zero;
        _steps = new Vector<T>(steps);
        _stepSize = new Vector<T>(alpha / steps);
    }

    /// <summary>y. A NaN stays: a processor's own minimum and maximum give the second operand for it, or NaN itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Clip(Vector<T> x) => Vector.MinNative(_alpha, Vector.MaxNative(_low, x));

    /// <summary>x̂ of a clipped y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Quantize(Vector<T> y) => Rounding.HalfToEven(y * _steps / _alpha) * _stepSize;

    /// <summary>All bits set where x lies strictly inside the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Inside(Vector<T> x) => Vector.GreaterThan(x, _low) & Vector.LessThan(x, _alpha);

    /// <summary>All bits set where x ≥ α.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsAbove(Vector<T> x) => Vector.GreaterThanOrEqual(x, _alpha);

    /// <summary>All bits set where x ≤ low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsBelow(Vector<T> x) => Vector.LessThanOrEqual(x, _low);
}
