namespace AdaQat.Runtime;

/// <summary>
/// One channel's change of scale: x becomes ⌊(x · <see cref="Multiplier"/> + <see cref="Offset"/>) / 2^<see cref="Shift"/>⌋, in exact
/// arithmetic. How that rounds, the offset says: with ½ · 2^shift in it, ties go up.
/// </summary>
public sealed record Rescale : ChannelRule
{
    /// <summary>A change of scale.</summary>
    /// <param name="multiplier">Any integer of 32 bits.</param>
    /// <param name="offset">What is added to the product; −2^61 to 2^61, so that the sum has 64 bits.</param>
    /// <param name="shift">By how many bits the sum is shifted to the right, 0 to 62.</param>
    /// <exception cref="IntegerModelException">A number is outside what is allowed.</exception>
    public Rescale(int multiplier, long offset, int shift)
    {
        if (offset is < -(1L << 61) or > 1L << 61)
        {
            throw new IntegerModelException($"The offset of a change of scale is {offset}; allowed are -2^61 to 2^61.");
        }

        if (shift is < 0 or > 62)
        {
            throw new IntegerModelException($"The shift of a change of scale is {shift}; allowed are 0 to 62.");
        }

        Multiplier = multiplier;
        Offset = offset;
        Shift = shift;
    }

    /// <summary>What integers are multiplied by.</summary>
    public int Multiplier { get; }

    /// <summary>What is added to the product.</summary>
    public long Offset { get; }

    /// <summary>By how many bits the sum is shifted to the right.</summary>
    public int Shift { get; }

    /// <summary>The result for an integer of 32 bits: |x · multiplier| is at most 2^62, so that 64 bits hold the sum.</summary>
    internal long Apply(long integer) => ((integer * Multiplier) + Offset) >> Shift;

    /// <inheritdoc/>
    internal override long CodeOf(long integer, int maxCode) => Math.Clamp(Apply(integer), 0, maxCode);
}
