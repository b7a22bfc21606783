using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>Where a learned bit-width starts and how far it may go.</summary>
public sealed record BitWidthRange
{
    /// <summary>N before the first step, in bits, within [<see cref="Minimum"/>, <see cref="Maximum"/>]. Default 8.</summary>
    public double Start { get; init; } = 8;

    /// <summary>The smallest width, in bits: at least 1 and below <see cref="Maximum"/>. Default 2.</summary>
    public int Minimum { get; init; } = 2;

    /// <summary>The largest width, in bits: up to <see cref="BitWidth.MaximumBits"/>. Default 8.</summary>
    public int Maximum { get; init; } = 8;

    /// <summary>Checks the three against each other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Guard.InRange(Maximum, 2, BitWidth.MaximumBits, nameof(Maximum));
        Guard.InRange(Minimum, 1, Maximum - 1, nameof(Minimum));
        if (!(Start >= Minimum && Start <= Maximum))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Start), Start, FormattableString.Invariant($"Start is {Start}; allowed are {Minimum} to {Maximum}."));
        }
    }
}
