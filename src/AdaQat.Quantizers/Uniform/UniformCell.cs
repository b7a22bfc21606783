using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Uniform;

/// <summary>
/// The formula of uniform grids on as many elements as a vector has, operation by operation in the order of <see
/// cref="UniformOperators"/>.
/// </summary>
internal readonly struct UniformCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _divisor;
    private readonly Vector<T> _bias;
    private readonly Vector<T> _zeroPoint;
    private readonly Vector<T> _offset;
    private readonly Vector<T> _scale;
    private readonly UniformCodes<T> _codes;

    /// <summary>At a place of <see cref="GridNumbers"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UniformCell(in ScaleNumbers<T> numbers, long place, in UniformCodes<T> codes)
    {
        _divisor = numbers.Row(GridNumbers.Divisor, place);
        _bias = numbers.Row(GridNumbers.Bias, place);
        _zeroPoint = numbers.Row(GridNumbers.ZeroPoint, place);
        _offset = numbers.Row(GridNumbers.Offset, place);
        _scale = numbers.Row(GridNumbers.Scale, place);
        _codes = codes;
    }

    /// <summary>x/s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Ratio(Vector<T> x) => x / _divisor;

    /// <summary>r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Unheld(Vector<T> ratio) => Rounding.HalfToEven(ratio + _bias) + _zeroPoint;

    /// <summary>q. A NaN stays: a processor's own minimum and maximum give the second operand for it, or NaN itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Saturate(Vector<T> unheld) => Vector.MinNative(_codes.Largest, Vector.MaxNative(_codes.Smallest, unheld));

    /// <summary>q of codes that go round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Wrap(Vector<T> unheld) => Saturate(unheld - (Rounding.Down((unheld - _codes.Smallest) / _codes.Count) * _codes.Count));

    /// <summary>q + o: the value in steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Steps(Vector<T> code) => code + _offset;

    /// <summary>x̂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Value(Vector<T> code) => Steps(code) * _scale;

    /// <summary>All bits set where r is a code of the grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsCode(Vector<T> unheld) =>
        Vector.GreaterThanOrEqual(unheld, _codes.Smallest) & Vector.LessThanOrEqual(unheld, _codes.Largest);

    /// <summary>Where an element lies among the codes, before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Place(Vector<T> ratio) => ratio + _bias + _zeroPoint;

    /// <summary>All bits set where a place lies strictly between the smallest and the largest code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsInside(Vector<T> place) => Vector.GreaterThan(place, _codes.Smallest) & Vector.LessThan(place, _codes.Largest);

    /// <summary>All bits set where a place is the smallest or the largest code, or lies beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsOutside(Vector<T> place) =>
        Vector.LessThanOrEqual(place, _codes.Smallest) | Vector.GreaterThanOrEqual(place, _codes.Largest);
}
