using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>
/// A bit-width: the real value N that is learned, and the integer n = ⌈N⌉ that every quantization uses (AdaQAT, section III-A).
/// </summary>
/// <remarks>
/// One object may serve many layers: it is the unit of granularity. Quantizers hold a reference and read <see cref="Bits"/> at
/// every forward, so a change takes effect at the next call.
/// </remarks>
public sealed class BitWidth
{
    /// <summary>
    /// The widest quantizer that float32 can represent without loss of its own: a code of more bits exceeds the mantissa.
    /// </summary>
    public const int MaximumBits = 24;

    /// <summary>The width of a value that is not quantized, in bits: what it counts in every cost.</summary>
    public const int FloatBits = 32;

    private int? _probed;

    private BitWidth(string name, double value, int minimum, int maximum, bool isLearned)
    {
        Name = name;
        Value = value;
        Minimum = minimum;
        Maximum = maximum;
        IsLearned = isLearned;
        IsFrozen = !isLearned;
    }

    /// <summary>What the width belongs to, for tables, records and errors, such as <c>weights</c> or <c>conv1.weights</c>.</summary>
    public string Name { get; }

    /// <summary>N, in bits, within [<see cref="Minimum"/>, <see cref="Maximum"/>]; a whole number once frozen.</summary>
    public double Value { get; private set; }

    /// <summary>n = ⌈N⌉, in bits: what a quantizer uses now. For a whole N, n = N.</summary>
    public int Bits => _probed ?? (int)Math.Ceiling(Value);

    /// <summary>The smallest value allowed, in bits.</summary>
    public int Minimum { get; }

    /// <summary>The largest value allowed, in bits.</summary>
    public int Maximum { get; }

    /// <summary>Whether the width was made to be learned. It stays so after freezing; a fixed width never was.</summary>
    public bool IsLearned { get; }

    /// <summary>Whether nothing is quantized: <see cref="Bits"/> is then <see cref="FloatBits"/>.</summary>
    public bool IsUnquantized => Minimum > MaximumBits;

    /// <summary>
    /// Whether the width moves no more: it was fixed from the start, oscillated, rested at its minimum, a cost target was met, or <see
    /// cref="Freeze()"/> was called.
    /// </summary>
    public bool IsFrozen { get; private set; }

    /// <summary>The step of <see cref="BitWidthOptimizer"/> that froze it; null where none did.</summary>
    public long? FrozenAtStep { get; private set; }

    /// <summary>
    /// Why that step froze it; null where none did: it moves still, was fixed from the start, or <see cref="Freeze()"/> was called.
    /// </summary>
    public FreezeReason? FreezeReason { get; private set; }

    /// <summary>Makes a width that training moves.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="range">Start, minimum and maximum in bits.</param>
    public static BitWidth Learned(string name, BitWidthRange range)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(range);
        range.Validate();
        return new BitWidth(name, range.Start, range.Minimum, range.Maximum, isLearned: true);
    }

    /// <summary>Makes a width that stays as it is.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="bits">1 to <see cref="MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is outside that range.</exception>
    public static BitWidth Fixed(string name, int bits)
    {
        ArgumentNullException.ThrowIfNull(name);
        Guard.InRange(bits, 1, MaximumBits, nameof(bits));
        return new BitWidth(name, bits, bits, bits, isLearned: false);
    }

    /// <summary>Makes the width of a value that is not quantized.</summary>
    /// <param name="name">What it belongs to.</param>
    public static BitWidth Unquantized(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new BitWidth(name, FloatBits, FloatBits, FloatBits, isLearned: false);
    }

    /// <summary>Ends learning at the integer width in force: N becomes n, for good.</summary>
    public void Freeze()
    {
        if (!IsFrozen)
        {
            (Value, IsFrozen) = (Math.Ceiling(Value), true);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsUnquantized ? $"{Name}: float"
        : IsFrozen ? $"{Name}: {Bits} bits"
        : FormattableString.Invariant($"{Name}: {Value:0.000} ({Bits} bits)");

    /// <summary>Ends learning at <paramref name="bits"/>.</summary>
    internal void Freeze(int bits, FreezeReason reason, long step) =>
        (Value, IsFrozen, FreezeReason, FrozenAtStep) = (bits, true, reason, step);

    /// <summary>N ← clamp(N − <paramref name="descent"/>, minimum, maximum).</summary>
    internal void Descend(double descent) => Value = Math.Clamp(Value - descent, Minimum, Maximum);

    /// <summary>Sets the state that a checkpoint held.</summary>
    internal void Restore(double value, bool isFrozen, FreezeReason? reason, long? frozenAtStep)
    {
        if (!(value >= Minimum && value <= Maximum))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Bit-width '{Name}' allows {Minimum} to {Maximum} bits.");
        }

        (Value, IsFrozen, FreezeReason, FrozenAtStep) = (value, isFrozen, reason, frozenAtStep);
    }

    /// <summary>Lets quantizers see <paramref name="bits"/> until the result is disposed; <see cref="Value"/> is untouched.</summary>
    internal Probe At(int bits)
    {
        Guard.InRange(bits, Minimum, Maximum, nameof(bits));
        _probed = bits;
        return new Probe(this);
    }

    /// <summary>The time of a finite-difference forward, during which a width shows another integer value.</summary>
    internal readonly struct Probe(BitWidth width) : IDisposable
    {
        public void Dispose() => width._probed = null;
    }
}
