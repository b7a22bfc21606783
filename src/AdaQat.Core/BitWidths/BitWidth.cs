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

    /// <summary>An inferred N this near a whole number is that number: what it is inferred from is rounded itself.</summary>
    private const double InferenceError = 1e-4;

    private int? _probed;
    private int? _loaded;
    private int? _notLoaded;

    private BitWidth(string name, double value, IReadOnlyList<int> allowed, bool isLearned, bool isInferred = false)
    {
        Name = name;
        Value = value;
        Allowed = allowed;
        IsLearned = isLearned;
        IsInferred = isInferred;
        IsFrozen = !isLearned;
    }

    /// <summary>What the width belongs to, for tables, records and errors, such as <c>weights</c> or <c>conv1.weights</c>.</summary>
    public string Name { get; }

    /// <summary>N, in bits, within [<see cref="Minimum"/>, <see cref="Maximum"/>]; a whole number once frozen.</summary>
    public double Value { get; private set; }

    /// <summary>
    /// n = ⌈N⌉, in bits: what a quantizer uses now. For a whole N, n = N. Where not every width is allowed, the next one above.
    /// </summary>
    public int Bits => _probed ?? BitsOf(Value);

    /// <summary>The integer widths that it may take, ascending, in bits.</summary>
    public IReadOnlyList<int> Allowed { get; }

    /// <summary>The smallest value allowed, in bits.</summary>
    public int Minimum => Allowed[0];

    /// <summary>The largest value allowed, in bits.</summary>
    public int Maximum => Allowed[^1];

    /// <summary>Whether the width was made to be learned. It stays so after freezing; a fixed width never was.</summary>
    public bool IsLearned { get; }

    /// <summary>
    /// Whether N follows from what its quantizer learns, such as a step and a range, and not from differences of the loss: such a width
    /// belongs to one quantizer, and is never probed.
    /// </summary>
    public bool IsInferred { get; }

    /// <summary>Whether nothing is quantized: <see cref="Bits"/> is then <see cref="FloatBits"/>.</summary>
    public bool IsUnquantized => Minimum > MaximumBits;

    /// <summary>
    /// Whether the width moves no more: it was fixed from the start, oscillated, rested at its minimum, a cost target was met, the step for
    /// it had come, or <see cref="Freeze()"/> was called.
    /// </summary>
    public bool IsFrozen { get; private set; }

    /// <summary>The step of <see cref="BitWidthOptimizer"/> that froze it; null where none did.</summary>
    public long? FrozenAtStep { get; private set; }

    /// <summary>
    /// Why that step froze it; null where none did: it moves still, was fixed from the start, or <see cref="Freeze()"/> was called.
    /// </summary>
    public FreezeReason? FreezeReason { get; private set; }

    /// <summary>Makes a width that training moves, among all integers of a range.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="start">N before the first step, in bits.</param>
    /// <param name="minimum">The smallest width, in bits, at least 1.</param>
    /// <param name="maximum">The largest width, in bits, at most <see cref="MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidth Learned(string name, double start = 8, int minimum = 2, int maximum = 8) =>
        BitWidthChoice.Learned(start, minimum, maximum).Create(name);

    /// <summary>Makes a width that training moves, among those that the hardware has.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="allowed">The widths, in bits, ascending: at least two, from 1 to <see cref="MaximumBits"/>.</param>
    /// <param name="start">N before the first step, in bits.</param>
    /// <exception cref="ArgumentException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidth Learned(string name, IReadOnlyList<int> allowed, double start) =>
        BitWidthChoice.Learned(allowed, start).Create(name);

    /// <summary>Makes a width that follows from what its quantizer learns; see <see cref="IsInferred"/>.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="start">N where the quantizer starts from data, in bits.</param>
    /// <param name="minimum">The smallest width, in bits, at least 1.</param>
    /// <param name="maximum">The largest width, in bits, at most <see cref="MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed; the message names it.</exception>
    public static BitWidth Inferred(string name, double start = 8, int minimum = 2, int maximum = 8) =>
        BitWidthChoice.Learned(start, minimum, maximum).AsInferred().Create(name);

    /// <summary>Makes a width that stays as it is.</summary>
    /// <param name="name">What it belongs to.</param>
    /// <param name="bits">1 to <see cref="MaximumBits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is outside that range.</exception>
    public static BitWidth Fixed(string name, int bits)
    {
        ArgumentNullException.ThrowIfNull(name);
        Guard.InRange(bits, 1, MaximumBits, nameof(bits));
        return new BitWidth(name, bits, [bits], isLearned: false);
    }

    /// <summary>Makes the width of a value that is not quantized.</summary>
    /// <param name="name">What it belongs to.</param>
    public static BitWidth Unquantized(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new BitWidth(name, FloatBits, [FloatBits], isLearned: false);
    }

    /// <summary>Ends learning at the integer width in force: N becomes n, for good.</summary>
    public void Freeze()
    {
        if (!IsFrozen)
        {
            (Value, IsFrozen) = (BitsOf(Value), true);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsUnquantized ? $"{Name}: float"
        : IsFrozen ? $"{Name}: {Bits} bits"
        : FormattableString.Invariant($"{Name}: {Value:0.000} ({Bits} bits)");

    /// <summary>Makes a learned width of numbers that have been checked.</summary>
    internal static BitWidth Among(string name, double start, IReadOnlyList<int> allowed, bool isInferred = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new BitWidth(name, start, allowed, isLearned: true, isInferred);
    }

    /// <summary>The integer width of a value of N: the smallest that is allowed and not below it.</summary>
    internal int BitsOf(double value)
    {
        // Every forward asks: no enumerator, no closure. N never exceeds the maximum.
        var i = 0;
        while (Allowed[i] < value)
        {
            i++;
        }

        return Allowed[i];
    }

    /// <summary>The next smaller width that is allowed; null at the minimum.</summary>
    internal int? Below(int bits) => Allowed.Where(allowed => allowed < bits).Select(allowed => (int?)allowed).LastOrDefault();

    /// <summary>The next larger width that is allowed; null at the maximum.</summary>
    internal int? Above(int bits) => Allowed.Where(allowed => allowed > bits).Select(allowed => (int?)allowed).FirstOrDefault();

    /// <summary>Ends learning at <paramref name="bits"/>.</summary>
    internal void Freeze(int bits, FreezeReason reason, long step) =>
        (Value, IsFrozen, FreezeReason, FrozenAtStep) = (bits, true, reason, step);

    /// <summary>N ← clamp(N − <paramref name="descent"/>, minimum, maximum).</summary>
    internal void Descend(double descent) => Value = Math.Clamp(Value - descent, Minimum, Maximum);

    /// <summary>N is what a quantizer infers, within the range; NaN, of a quantizer that has not started, says nothing.</summary>
    internal void Infer(double value)
    {
        if (!IsFrozen && !double.IsNaN(value))
        {
            var nearest = Math.Round(value);
            Value = Math.Clamp(Math.Abs(value - nearest) <= InferenceError ? nearest : value, Minimum, Maximum);
        }
    }

    /// <summary>Sets the state that a checkpoint held.</summary>
    internal void Restore(double value, bool isFrozen, FreezeReason? reason, long? frozenAtStep)
    {
        if (!(value >= Minimum && value <= Maximum))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Bit-width '{Name}' allows {Minimum} to {Maximum} bits.");
        }

        (Value, IsFrozen, FreezeReason, FrozenAtStep) = (value, isFrozen, reason, frozenAtStep);
    }

    /// <summary>A state is handed out, and may be loaded.</summary>
    internal void ForgetLoaded() => (_loaded, _notLoaded) = (null, null);

    /// <summary>Takes the integer width over that a loaded state was computed with; N is kept where it means that width already.</summary>
    /// <param name="bits">What the state has for one of the quantizers that share the width.</param>
    /// <param name="isOther">Whether that is another width than the one in force when the state was handed out.</param>
    /// <exception cref="InvalidOperationException">
    /// The width is fixed at another one, or does not allow that, or the state has several for it.
    /// </exception>
    internal void Load(int bits, bool isOther)
    {
        if ((isOther ? _loaded ?? _notLoaded : _loaded) is { } other && other != bits)
        {
            throw new InvalidOperationException(
                $"The state that was loaded has {other} and {bits} bits for quantizers that share the width '{Name}' here: attach with the "
                + "sharing of widths that it was saved with.");
        }

        if (!isOther)
        {
            _notLoaded = bits;
            return;
        }

        _loaded = bits;
        if (bits == BitsOf(Value))
        {
            return;
        }

        Value = Allowed.Contains(bits) ? bits : throw new InvalidOperationException(
            $"The state that was loaded has {bits} bits for '{Name}', which allows {string.Join(", ", Allowed)} here: attach with the "
            + "choices of widths that it was saved with.");
    }

    /// <summary>Lets quantizers see <paramref name="bits"/> until the result is disposed; <see cref="Value"/> is untouched.</summary>
    internal Probe At(int bits)
    {
        if (!Allowed.Contains(bits))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, $"bits is {bits}; allowed are {string.Join(", ", Allowed)}.");
        }

        _probed = bits;
        return new Probe(this);
    }

    /// <summary>The time of a finite-difference forward, during which a width shows another integer value.</summary>
    internal readonly struct Probe(BitWidth width) : IDisposable
    {
        public void Dispose() => width._probed = null;
    }
}
