namespace AdaQat.Quantizers.Kernels;

/// <summary>How many steps a grid of k bits has.</summary>
internal static class Grid
{
    /// <summary>s = 2^k − 1: the steps between the 2^k points of [0, 1] (or [0, α]).</summary>
    public static double Steps(int bits) => Math.ScaleB(1, bits) - 1;

    /// <summary>
    /// s = 2^(k−1) − 1: the steps on either side of zero of a symmetric grid on [−α, α], as signed integers have them when the most
    /// negative code is left unused. One bit has no zero between its two points ±α: s = 0.
    /// </summary>
    public static double SignedSteps(int bits) => Math.ScaleB(1, bits - 1) - 1;
}
