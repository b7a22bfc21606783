using System.Numerics;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Quantizers.DoReFaGradients;

/// <summary>g of one sample gives f(g), operation by operation in the order of <see cref="GradientOperators"/>.</summary>
/// <param name="largest">m.</param>
/// <param name="steps">2^k − 1.</param>
/// <param name="noise">σ of the elements, from the first one on.</param>
/// <param name="hasNoise">Whether it is added.</param>
internal struct GradientOperator(float largest, float steps, NoiseOperator noise, bool hasNoise) : IVectorOperator<float>
{
    private readonly Vector<float> _twice = new(largest * 2);
    private readonly Vector<float> _divisor = new(largest == 0 ? 1 : largest * 2);
    private readonly Vector<float> _steps = new(steps);
    private readonly Vector<float> _half = new(0.5f);
    private readonly bool _hasNoise = hasNoise;
    private NoiseOperator _noise = noise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> At(Vector<float> first, Vector<float> second)
    {
        var codes = ((first / _divisor) + _half) * _steps;
        if (_hasNoise)
        {
            codes += _noise.At(first, second);
        }

        // Of a NaN the second operand remains, which it is.
        var rounded = Vector.MinNative(_steps, Vector.MaxNative(Vector<float>.Zero, Vector.Round(codes)));
        var values = ((rounded / _steps) - _half) * _twice;
        return Vector.ConditionalSelect(Vector.Equals(_twice, Vector<float>.Zero), Vector<float>.Zero, values);
    }
}
