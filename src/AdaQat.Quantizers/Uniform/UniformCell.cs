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
    private readonly Vector<T> _smallest;
    private readonly Vector<T> _largest;
    private readonly Vector<T> _count;

    /// <summary>Of one of the scales in <see cref="GridNumbers"/>.</summary>
    public unsafe UniformCell(T* numbers, long scales, long scale, UniformForm form)
    {
        var column = numbers + scale;
        _divisor = new Vector<T>(column[GridNumbers.Divisor * scales]);
        _bias = new Vector<T>(column[GridNumbers.Bias * scales]);
        _zeroPoint = new Vector<T>(column[GridNumbers.ZeroPoint * scales]);
        _offset = new Vector<T>(column[GridNumbers.Offset * scales]);
        _scale = new Vector<T>(column[GridNumbers.Scale * scales]);
        _smallest = new Vector<T>(T.CreateChecked(form.Smallest));
        _largest = new Vector<T>(T.CreateChecked(form.Largest));
        _count = new Vector<T>(T.CreateChecked(form.Count));
    }

    /// <summary>x/s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Ratio(Vector<T> x) => x / _divisor;

    /// <summary>r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Unheld(Vector<T> ratio) => Rounding.HalfToEven(ratio + _bias) + _zeroPoint;

    /// <summary>q. A NaN stays: a processor's own minimum and maximum give the second operand for it, or NaN itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Saturate(Vector<T> unheld) => Vector.MinNative(_largest, Vector.MaxNative(_smallest, unheld));

    /// <summary>q of codes that go round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Wrap(Vector<T> unheld) => Saturate(unheld - (Rounding.Down((unheld - _smallest) / _count) * _count));

    /// <summary>q + o: the value in steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Steps(Vector<T> code) => code + _offset;

    /// <summary>x̂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Value(Vector<T> code) => Steps(code) * _scale;

    /// <summary>All bits set where r is a code of the grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsCode(Vector<T> unheld) =>
        Vector.GreaterThanOrEqual(unheld, _smallest) & Vector.LessThanOrEqual(unheld, _largest);

    /// <summary>Where an element lies among the codes, before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Place(Vector<T> ratio) => ratio + _bias + _zeroPoint;

    /// <summary>All bits set where a place lies strictly between the smallest and the largest code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsInside(Vector<T> place) => Vector.GreaterThan(place, _smallest) & Vector.LessThan(place, _largest);

    /// <summary>All bits set where a place is the smallest or the largest code, or lies beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> IsOutside(Vector<T> place) =>
        Vector.LessThanOrEqual(place, _smallest) | Vector.GreaterThanOrEqual(place, _largest);
}
