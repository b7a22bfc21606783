using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.Levels;

/// <summary>
/// A table in a range, on as many elements as a vector has, operation by operation in the order of <see cref="LevelOperators"/>.
/// </summary>
internal readonly struct LevelVectors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NearestLevel<T> _nearest;
    private readonly Vector<T> _zero;
    private readonly bool _isSigned;

    public LevelVectors(T range, LevelForm form)
    {
        var step = range / T.CreateChecked(form.Table.Largest);
        _nearest = new NearestLevel<T>(
            Array.ConvertAll(form.Table.Magnitudes, m => T.CreateChecked(m) * step),
            Array.ConvertAll(form.Table.Middles, m => T.CreateChecked(m) * step));
        (_zero, _isSigned) = (new Vector<T>(range - range), form.IsSigned);
    }

    /// <summary>x̂. A zero has no sign, as a code has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Quantize(Vector<T> x)
    {
        var value = _nearest.Of(_isSigned ? Vector.Abs(x) : x);
        if (_isSigned)
        {
            value = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -value, value);
        }

        return Vector.ConditionalSelect(Vector.Equals(x, x), value + _zero, x);
    }
}

/// <summary>Where elements lie to a range's ends.</summary>
internal readonly struct LevelEnds<T>(T range, LevelForm form)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _range = new(range);
    private readonly bool _isSigned = form.IsSigned;

    /// <summary>All bits set where x lies strictly inside the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Inside(Vector<T> x) => _isSigned
        ? Vector.LessThan(Vector.Abs(x), _range)
        : Vector.GreaterThan(x, Vector<T>.Zero) & Vector.LessThan(x, _range);

    /// <summary>g where x is at the range's end or beyond, −g at the other end of a signed range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Outside(Vector<T> x, Vector<T> gradient)
    {
        var above = Vector.GreaterThanOrEqual(x, _range) & gradient;
        return _isSigned ? above - (Vector.LessThanOrEqual(x, -_range) & gradient) : above;
    }
}

/// <summary>x gives x̂.</summary>
internal readonly struct LevelForwardOperator<T>(LevelVectors<T> vectors) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => vectors.Quantize(first);
}

/// <summary>x and ∂L/∂x̂ give ∂L/∂x.</summary>
internal readonly struct LevelInputOperator<T>(LevelEnds<T> ends, bool passesOutside) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) =>
        (passesOutside ? Vector.Equals(first, first) : ends.Inside(first)) & second;
}

/// <summary>x and ∂L/∂x̂ give ∂L/∂x, and the two sums that make up ∂L/∂α.</summary>
internal struct LevelRangeOperator<T>(LevelVectors<T> vectors, LevelEnds<T> ends, bool passesOutside) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>±g where x lies outside the range or at its end.</summary>
    public Vector<T> Outside;

    /// <summary>g·(x̂ − x) where it lies inside.</summary>
    public Vector<T> Inside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var isInside = ends.Inside(first);
        Outside += ends.Outside(first, second);
        Inside += isInside & (second * (vectors.Quantize(first) - first));
        return (passesOutside ? Vector.Equals(first, first) : isInside) & second;
    }
}
