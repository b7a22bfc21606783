using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.FixedPoint;

/// <summary>The grids of <see cref="FixedPointQuantizer"/>: m integer bits, k bits in all, with the sign's.</summary>
/// <remarks>
/// The scale is 2^−f with f = k − m − sign fraction bits; codes are two's complement, or from 0 on. Of a range with the largest magnitude
/// a: saturating, the fewest integer bits with a ≤ 2^m; wrapping, the fewest with which a does not go round, a &lt; 2^m − 2^−(f + 1).
/// </remarks>
internal static class FixedPointNumbers
{
    /// <summary>Integer bits from data stay within ± this: their powers of two are normal numbers of every type.</summary>
    public const int MostIntegerBits = 64;

    /// <summary>The smallest and the largest code.</summary>
    public static (int Smallest, int Largest) Codes(int bits, bool isSigned) => isSigned
        ? (-(int)Grid.SignedSteps(bits) - 1, (int)Grid.SignedSteps(bits))
        : (0, (int)Grid.Steps(bits));

    /// <summary>The numbers, one scale for each of the magnitudes a; one of 0 gives zeros.</summary>
    public static Tensor FromData(Tensor magnitude, int bits, bool isSigned, CodeOverflow overflow)
    {
        using var scope = NewDisposeScope();
        var integerBits = IntegerBits(magnitude, bits, isSigned, overflow).Clamp(-MostIntegerBits, MostIntegerBits);
        var scale = FullLike(magnitude, 2).pow(integerBits.Sub(MagnitudeBits(bits, isSigned)));
        return Numbers(scale.MaskedFill(magnitude.Eq(0), 0).Add(magnitude.Mul(0))).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers of a radix point that is given: the same for as many scales as <paramref name="like"/> has elements.</summary>
    public static Tensor WithFractionBits(Tensor like, int fractionBits)
    {
        using var scope = NewDisposeScope();
        return Numbers(FullLike(like, Math.ScaleB(1, -fractionBits))).MoveToOuterDisposeScope();
    }

    /// <summary>The bits of a code without its sign.</summary>
    public static int MagnitudeBits(int bits, bool isSigned) => isSigned ? bits - 1 : bits;

    private static Tensor IntegerBits(Tensor magnitude, int bits, bool isSigned, CodeOverflow overflow)
    {
        // a = mantissa·2^exponent, mantissa from ½ to below 1: exact, unlike a logarithm.
        var (mantissa, exponent) = magnitude.to(ScalarType.Float64).frexp();
        var correction = overflow == CodeOverflow.Wrap
            ? mantissa.Ge(1 - Math.ScaleB(1, -MagnitudeBits(bits, isSigned) - 1)).to(ScalarType.Int32)
            : mantissa.Eq(0.5).to(ScalarType.Int32).neg();
        return exponent.Add(correction).to(magnitude.dtype);
    }

    private static Tensor Numbers(Tensor scale) => GridNumbers.Integer(scale, zeros_like(scale));
}
