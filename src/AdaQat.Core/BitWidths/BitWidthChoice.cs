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

    /// <summary>Whether it follows from what its quantizer learns.</summary>
    internal virtual bool IsInferred => false;

    /// <summary>A width that training moves, among all integers of a range.</summary>
    /// <remarks>With a family that infers widths, such as <c>LearnedRangeOptions</c>, the range is that of the inferred width.</remarks>
    /// <param name="start">N before the first step, in bits, within the range.</param>
    /// <param name="minimum">The smallest width, in bits, at least 1 and below <paramref name="maximum"/>.</param>
    /// <param name="maximum">The largest width, in bits, at most <see cref="BitWidth.MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidthChoice Learned(double start = 8, int minimum = 2, int maximum = 8)
    {
        Guard.InRange(maximum, 2, BitWidth.MaximumBits, nameof(maximum));
        Guard.InRange(minimum, 1, maximum - 1, nameof(minimum));
        return Learned([.. Enumerable.Range(minimum, maximum - minimum + 1)], start);
    }

    /// <summary>
    /// A width that training moves, among those that the hardware has: <c>BitWidthChoice.Learned(allowed: [2, 4, 8])</c>.
    /// </summary>
    /// <remarks>The finite difference is then taken to the next width that is allowed, and the width freezes at one of them.</remarks>
    /// <param name="allowed">The widths, in bits, ascending: at least two, from 1 to <see cref="BitWidth.MaximumBits"/>.</param>
    /// <exception cref="ArgumentException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidthChoice Learned(IReadOnlyList<int> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        return Learned(allowed, allowed.Count > 0 ? allowed[^1] : 0);
    }

    /// <summary>A width that training moves, among those that the hardware has, from <paramref name="start"/> on.</summary>
    /// <param name="allowed">The widths, in bits, ascending: at least two, from 1 to <see cref="BitWidth.MaximumBits"/>.</param>
    /// <param name="start">N before the first step, in bits, between the smallest and the largest.</param>
    /// <exception cref="ArgumentException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidthChoice Learned(IReadOnlyList<int> allowed, double start)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        if (
            allowed.Count < 2 || allowed[0] < 1 || allowed[^1] > BitWidth.MaximumBits
            || allowed.Zip(allowed.Skip(1)).Any(p => p.First >= p.Second))
        {
            throw new ArgumentException(
                $"allowed is [{string.Join(", ", allowed)}]; it must hold at least two widths from 1 to {BitWidth.MaximumBits}, ascending.",
                nameof(allowed));
        }

        if (!(start >= allowed[0] && start <= allowed[^1]))
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, FormattableString.Invariant($"start is {start}; allowed are {allowed[0]} to {allowed[^1]}."));
        }

        return new LearnedWidth(start, [.. allowed]);
    }

    /// <summary>A width that stays.</summary>
    /// <param name="bits">1 to <see cref="BitWidth.MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is outside that range.</exception>
    public static BitWidthChoice Fixed(int bits)
    {
        Guard.InRange(bits, 1, BitWidth.MaximumBits, nameof(bits));
        return new FixedWidth(bits);
    }

    /// <summary>Makes a width of this kind.</summary>
    internal abstract BitWidth Create(string name);

    /// <summary>The same range for a width that its quantizer infers; a choice that is not learned stays as it is.</summary>
    internal virtual BitWidthChoice AsInferred() => this;

    private sealed record LearnedWidth(double Start, int[] Allowed, bool Inferred = false) : BitWidthChoice
    {
        internal override bool IsLearned => true;

        internal override bool IsInferred => Inferred;

        // Records compare an array by reference.
        public bool Equals(LearnedWidth? other) =>
            other is not null && Start.Equals(other.Start) && Inferred == other.Inferred && Allowed.AsSpan().SequenceEqual(other.Allowed);

        public override int GetHashCode() => HashCode.Combine(Start, Allowed.Length, Allowed[0], Allowed[^1]);

        internal override BitWidth Create(string name) => BitWidth.Among(name, Start, Allowed, Inferred);

        internal override BitWidthChoice AsInferred() => this with { Inferred = true };
    }

    private sealed record FixedWidth(int Bits) : BitWidthChoice
    {
        internal override BitWidth Create(string name) => BitWidth.Fixed(name, Bits);
    }

    private sealed record FloatWidth : BitWidthChoice
    {
        internal override BitWidth Create(string name) => BitWidth.Unquantized(name);
    }
}
