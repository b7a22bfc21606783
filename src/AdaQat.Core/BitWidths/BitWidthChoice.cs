using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>Whether a width is learned, and within which range, or fixed, or whether nothing is quantized at all.</summary>
public abstract record BitWidthChoice
{
    private BitWidthChoice()
    {
    }

    /// <summary>No quantization: the value stays as it is, and counts 32 bits in every cost.</summary>
    public static BitWidthChoice Unquantized { get; } = new FloatWidth();

    /// <summary>Whether training moves the width.</summary>
    internal virtual bool IsLearned => false;

    /// <summary>A width that training moves.</summary>
    /// <param name="start">N before the first step, in bits.</param>
    /// <param name="minimum">The smallest width, in bits, at least 1.</param>
    /// <param name="maximum">The largest width, in bits, at most <see cref="BitWidth.MaximumBits"/>.</param>
    public static BitWidthChoice Learned(double start = 8, int minimum = 2, int maximum = 8) =>
        new LearnedWidth(new BitWidthRange { Start = start, Minimum = minimum, Maximum = maximum });

    /// <summary>A width that stays.</summary>
    /// <param name="bits">1 to <see cref="BitWidth.MaximumBits"/>.</param>
    public static BitWidthChoice Fixed(int bits) => new FixedWidth(bits);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public abstract void Validate();

    /// <summary>Makes a width of this kind.</summary>
    internal abstract BitWidth Create(string name);

    private sealed record LearnedWidth(BitWidthRange Range) : BitWidthChoice
    {
        internal override bool IsLearned => true;

        public override void Validate() => Range.Validate();

        internal override BitWidth Create(string name) => BitWidth.Learned(name, Range);
    }

    private sealed record FixedWidth(int Bits) : BitWidthChoice
    {
        public override void Validate() => Guard.InRange(Bits, 1, BitWidth.MaximumBits, nameof(Bits));

        internal override BitWidth Create(string name) => BitWidth.Fixed(name, Bits);
    }

    private sealed record FloatWidth : BitWidthChoice
    {
        public override void Validate()
        {
        }

        internal override BitWidth Create(string name) => BitWidth.Unquantized(name);
    }
}
