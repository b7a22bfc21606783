namespace AdaQat.Quantizers.LearnedRange;

/// <summary>How many steps the range may have, from zero to its end: what a width allows.</summary>
/// <param name="Least">The fewest.</param>
/// <param name="Most">The most.</param>
internal readonly record struct StepRange(double Least, double Most)
{
    /// <summary>Those of a width that is inferred, between its smallest and its largest; of a given one, what it has.</summary>
    public static StepRange Of(BitWidth width, bool isSigned) => width is { IsInferred: true, IsFrozen: false }
        ? new StepRange(At(width.Minimum, isSigned), At(width.Maximum, isSigned))
        : new StepRange(At(width.Bits, isSigned), At(width.Bits, isSigned));

    /// <summary>
    /// The steps of b bits, a real number: 2^(b−1) − 1 with a sign, else 2^b − 1. The two values ±q are half a step of 2q away.
    /// </summary>
    public static double At(double bits, bool isSigned) =>
        isSigned && bits == 1 ? 0.5 : Math.Pow(2, isSigned ? bits - 1 : bits) - 1;
}
