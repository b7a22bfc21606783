using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers.AdditivePowerOfTwo;

/// <summary>Sums of powers of two (APoT, arXiv 1909.13144, with its form for odd widths), of b bits: 2^b magnitudes.</summary>
/// <remarks>
/// b = 2n: Σ p_i for i = 0 … n − 1, with p_i one of 0, 2^−i, 2^−(i+n), 2^−(i+2n). b = 2n + 1: there is one more term of one bit, 0 or
/// 2^−2n, and the p_i have 2^−(i+2n+1) in place of the last. No power occurs twice, so all sums differ.
/// </remarks>
internal static class AdditivePowerOfTwoLevels
{
    /// <summary>The table of <paramref name="bits"/> bits, of which a signed one has one for the sign.</summary>
    public static LevelTable Of(int bits, bool isSigned)
    {
        var magnitudeBits = isSigned ? bits - 1 : bits;
        var (n, isOdd) = Math.DivRem(magnitudeBits, 2);
        var sums = new List<double> { 0 };
        for (var i = 0; i < n; i++)
        {
            Add(sums, Power(i), Power(i + n), Power(i + (2 * n) + isOdd));
        }

        if (isOdd == 1)
        {
            Add(sums, Power(2 * n));
        }

        return new LevelTable([.. sums.Order()]);
    }

    private static double Power(int exponent) => Math.ScaleB(1, -exponent);

    /// <summary>Each sum with each of the terms, and with none.</summary>
    private static void Add(List<double> sums, params double[] terms) =>
        sums.AddRange(sums.SelectMany(_ => terms, (sum, term) => sum + term).ToList());
}
