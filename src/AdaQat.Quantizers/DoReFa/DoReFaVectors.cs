using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>t gives max|t|.</summary>
internal struct LargestOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Largest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Largest = Vector.Max(Largest, Vector.Abs(first));
        return first;
    }
}

/// <summary>w gives Σ|w|.</summary>
internal struct MagnitudeOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Sum += Vector.Abs(first);
        return first;
    }
}

/// <summary>t gives q − s/2 times a factor, with Σ|2u − 1| and the number of elements of the largest magnitude.</summary>
internal struct DoReFaForwardOperator<T>(T largest, int bits, T factor) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _largest = new(largest);
    private readonly Vector<T> _divisor = new(largest * T.CreateChecked(2));
    private readonly Vector<T> _half = new(T.CreateChecked(0.5));
    private readonly Vector<T> _steps = new(T.CreateChecked(Grid.Steps(bits)));
    private readonly Vector<T> _middle = new(T.CreateChecked(Grid.Steps(bits) / 2));
    private readonly Vector<T> _factor = new(factor);
    private readonly Vector<T> _two = new(T.CreateChecked(2));

    public Vector<T> Sum;
    public Vector<T> LargestCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var u = (first / _divisor) + _half;
        Sum += Vector.Abs((u * _two) - Vector<T>.One);
        LargestCount += Vector.Equals(Vector.Abs(first), _largest) & Vector<T>.One;
        return (Rounding.HalfToEven(u * _steps) - _middle) * _factor;
    }
}

/// <summary>Multiplies by a scale.</summary>
internal readonly struct ScaleOperator<T>(T scale) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second) => first * _scale;
}

/// <summary>∂L/∂ŵ and t give Σ g·t.</summary>
internal struct DoReFaProductOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Sum += first * second;
        return first;
    }
}

/// <summary>∂L/∂ŵ and t give ∂L/∂w; see <see cref="DoReFaOperators"/> for the formula.</summary>
internal readonly struct DoReFaBackwardOperator<T>(T largest, T throughLargest, T slope, bool isTanh) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _largest = new(largest);
    private readonly Vector<T> _throughLargest = new(throughLargest);
    private readonly Vector<T> _slope = new(slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var signed = Vector.ConditionalSelect(Vector.LessThan(second, Vector<T>.Zero), -_throughLargest, _throughLargest);
        var result = (first - (Vector.Equals(Vector.Abs(second), _largest) & signed)) * _slope;
        return isTanh ? result * (Vector<T>.One - (second * second)) : result;
    }
}
