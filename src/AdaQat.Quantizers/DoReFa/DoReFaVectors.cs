using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.DoReFa;

/// <summary>w and t give max|t|, Σ|w| and Σ|t|.</summary>
internal struct DoReFaRangeOperator<T> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> Largest;
    public Vector<T> WeightSum;
    public Vector<T> TransformedSum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var magnitude = Vector.Abs(second);
        Largest = Vector.Max(Largest, magnitude);
        WeightSum += Vector.Abs(first);
        TransformedSum += magnitude;
        return second;
    }
}

/// <summary>t gives (q − s/2) · 2c/s, with the number of elements of the largest magnitude.</summary>
internal struct DoReFaForwardOperator<T>(T largest, int bits, T scale) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _largest = new(largest);
    private readonly Vector<T> _divisor = new(largest * T.CreateChecked(2));
    private readonly Vector<T> _half = new(T.CreateChecked(0.5));
    private readonly Vector<T> _steps = new(T.CreateChecked(Grid.Steps(bits)));
    private readonly Vector<T> _middle = new(T.CreateChecked(Grid.Steps(bits) / 2));
    private readonly Vector<T> _scale = new(scale);

    public Vector<T> LargestCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        var u = (first / _divisor) + _half;
        LargestCount += Vector.Equals(Vector.Abs(first), _largest) & Vector<T>.One;
        return (Rounding.HalfToEven(u * _steps) - _middle) * _scale;
    }
}

/// <summary>∂L/∂ŵ and t give the gradient of elements below the largest, with Σ g·t; see <see cref="DoReFaOperators"/>.</summary>
internal struct DoReFaBackwardOperator<T>(T slope, bool isTanh) : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T> _slope = new(slope);

    public Vector<T> Sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> At(Vector<T> first, Vector<T> second)
    {
        Sum += first * second;
        var result = first * _slope;
        return isTanh ? result * (Vector<T>.One - (second * second)) : result;
    }
}
