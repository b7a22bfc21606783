namespace AdaQat.Widths;

/// <summary>Whether a width is learned, and within which range, or fixed.</summary>
public abstract record BitWidthChoice
{
    private BitWidthChoice()
    {
    }

    /// <summary>A width that training moves.</summary>
    /// <param name="start">N before the first step, in bits.</param>
    /// <param name="minimum">The smallest width, in bits, at least 1.</param>
    /// <param name="maximum">The largest width, in bits, at most <see cref="BitWidth.Widest"/>.</param>
    public static BitWidthChoice Learned(double start = 8, int minimum = 2, int maximum = 8) =>
        new LearnedWidth(new BitWidthRange { Start = start, Minimum = minimum, Maximum = maximum });

    /// <summary>A width that stays.</summary>
    /// <param name="bits">1 to <see cref="BitWidth.Widest"/>.</param>
    public static BitWidthChoice Fixed(int bits) => new FixedWidth(bits);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public abstract void Validate();

    /// <summary>Makes a width of this kind.</summary>
    internal abstract BitWidth Create(string name);

    private sealed record LearnedWidth(BitWidthRange Range) : BitWidthChoice
    {
        public override void Validate() => Range.Validate();

        internal override BitWidth Create(string name) => BitWidth.Learned(name, Range);
    }

    private sealed record FixedWidth(int Bits) : BitWidthChoice
    {
        public override void Validate() => Guard.InRange(Bits, 1, BitWidth.Widest, nameof(Bits));

        internal override BitWidth Create(string name) => BitWidth.Fixed(name, Bits);
    }
}
