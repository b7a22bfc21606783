using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Affine;

/// <summary>The grids of <see cref="AffineQuantizer"/> over a range [l, h] with 0 in it, at k bits.</summary>
/// <remarks>
/// <para>
/// Asymmetric: codes from f to 2^k − 1, f being 0, or 1 in the narrow form; s = (h − l)/(2^k − 1 − f), z = f + round(−l/s), held within
/// the codes; values s·(q − z).
/// </para>
/// <para>
/// Symmetric, a = max(−l, h), z = 0. Signed codes from −2^(k−1) to 2^(k−1) − 1 with s = 2a/(2^k − 1), or, narrow, from −(2^(k−1) − 1) on
/// with s = a/(2^(k−1) − 1); one bit has no zero between the two values ±a. Unsigned codes from 0 to 2^k − 1 with s = a/(2^k − 1).
/// </para>
/// </remarks>
internal static class AffineNumbers
{
    /// <summary>The smallest and the largest code.</summary>
    public static (int Smallest, int Largest) Codes(int bits, bool isSymmetric, bool isSigned, bool isNarrow)
    {
        var most = (int)Grid.Steps(bits);
        if (!isSymmetric)
        {
            return (isNarrow ? 1 : 0, most);
        }

        var positive = (int)Grid.SignedSteps(bits);
        return !isSigned || bits == 1 ? (0, most) : (isNarrow ? -positive : -positive - 1, positive);
    }

    /// <summary>The numbers, one scale for each of the ranges.</summary>
    public static Tensor Of(Tensor low, Tensor high, int bits, bool isSymmetric, bool isSigned, bool isNarrow)
    {
        using var scope = NewDisposeScope();
        var numbers = isSymmetric
            ? Symmetric(low.neg().maximum(high).abs(), bits, isSigned, isNarrow)
            : Asymmetric(low, high, bits, isNarrow);
        return numbers.MoveToOuterDisposeScope();
    }

    private static Tensor Asymmetric(Tensor low, Tensor high, int bits, bool isNarrow)
    {
        var (smallest, largest) = Codes(bits, isSymmetric: false, isSigned: false, isNarrow);
        // A zero has no sign afterwards.
        var scale = high.sub(low).Div(largest - smallest).abs();
        var zeroPoint = low.neg().div(GridNumbers.DivisorOf(scale)).round().Add(smallest).Clamp(smallest, largest);
        return GridNumbers.Integer(scale, zeroPoint);
    }

    private static Tensor Symmetric(Tensor magnitude, int bits, bool isSigned, bool isNarrow)
    {
        if (isSigned && bits == 1)
        {
            return GridNumbers.TwoValues(magnitude.Mul(2));
        }

        var scale = magnitude.Div((isSigned, isNarrow) switch
        {
            (false, _) => Grid.Steps(bits),
            (true, true) => Grid.SignedSteps(bits),
            (true, false) => Grid.Steps(bits) / 2,
        });
        return GridNumbers.Integer(scale, zeros_like(scale));
    }
}
