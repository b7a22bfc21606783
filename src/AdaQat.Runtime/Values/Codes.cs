using System.Numerics;

namespace AdaQat.Runtime;

/// <summary>
/// Codes of an evenly spaced grid: whole numbers q from 0 to <see cref="MaxCode"/>, a byte each. In arithmetic a code stands for the
/// integer <see cref="Multiplier"/> · q + <see cref="Offset"/>; what real number that is, the model doesn't need to know.
/// </summary>
/// <remarks>
/// Unsigned PACT of k bits is <c>new Codes(2^k − 1)</c>; signed PACT, whose codes go from −n to n with n = 2^(k−1) − 1, is
/// <c>new Codes(2n, 1, −n)</c>; at one bit, ±α, it is <c>new Codes(1, 2, −1)</c>; a grid with the zero point z is
/// <c>new Codes(2^k − 1, 1, −z)</c>.
/// </remarks>
public sealed record Codes : NumberType
{
    /// <summary>Codes of a grid.</summary>
    /// <param name="maxCode">The largest code, 1 to 255; the smallest is 0.</param>
    /// <param name="multiplier">1, or 2 where the grid's offset is an odd multiple of ½.</param>
    /// <param name="offset">−1024 to 1024.</param>
    /// <exception cref="IntegerModelException">A number is outside what is allowed.</exception>
    public Codes(int maxCode, int multiplier = 1, int offset = 0)
    {
        if (maxCode is < 1 or > 255)
        {
            throw new IntegerModelException($"The largest code is {maxCode}; allowed are 1 to 255.");
        }

        if (multiplier is not (1 or 2))
        {
            throw new IntegerModelException($"The multiplier of codes is {multiplier}; allowed are 1 and 2.");
        }

        if (offset is < -1024 or > 1024)
        {
            throw new IntegerModelException($"The offset of codes is {offset}; allowed are -1024 to 1024.");
        }

        MaxCode = maxCode;
        Multiplier = multiplier;
        Offset = offset;
    }

    /// <summary>The largest code; the smallest is 0.</summary>
    public int MaxCode { get; }

    /// <summary>By how much the integers of neighbouring codes differ.</summary>
    public int Multiplier { get; }

    /// <summary>The integer of code 0.</summary>
    public int Offset { get; }

    /// <summary>How many bits a code needs, 1 to 8.</summary>
    public int Bits => BitOperations.Log2((uint)MaxCode) + 1;

    /// <inheritdoc/>
    public override long MinInteger => Offset;

    /// <inheritdoc/>
    public override long MaxInteger => ((long)Multiplier * MaxCode) + Offset;

    /// <inheritdoc/>
    public override int Bytes => 1;

    /// <summary>The code whose integer is 0, or null where there is none.</summary>
    public int? ZeroCode => -Offset is var places && places % Multiplier == 0 && places / Multiplier is >= 0 and var code && code <= MaxCode
        ? code : null;

    /// <inheritdoc/>
    internal override long Integer(long stored) => (Multiplier * stored) + Offset;
}
