using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers.PowerOfTwo;

/// <summary>Powers of two from 1 down, and 0.</summary>
internal static class PowerOfTwoLevels
{
    /// <summary>
    /// The table of <paramref name="bits"/> bits: 2^k − 1 powers, signed 2^(k−1) − 1 of either sign. Those that float32 does not have are
    /// 0.
    /// </summary>
    public static LevelTable Of(int bits, bool isSigned)
    {
        var powers = (1 << (isSigned ? bits - 1 : bits)) - 1;
        return new LevelTable([0, .. Enumerable.Range(1 - powers, powers).Select(exponent => Math.ScaleB(1, exponent))]);
    }
}
