using AdaQat.Quantizers.FixedPoint;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Fixed point: values q·2^−f with integer codes q of k bits, in two's complement where there is a sign. Qm.f has m integer bits, f
/// fraction bits and a sign bit, UQm.f none: k = m + f + 1, or m + f.
/// </summary>
/// <remarks>
/// The radix point is given, or follows from the largest magnitude a of the data: the fewest integer bits with a ≤ 2^m, or, where codes
/// wrap, the fewest with which a does not go round. Saturating, ∂x̂/∂x is 1 where round(x·2^f) is a code, else 0; wrapping, it is 1. With a
/// sign, one bit has the values −2^m and 0; weights therefore need two.
/// </remarks>
public sealed class FixedPointQuantizer : RangedQuantizer
{
    private readonly FixedPointOptions _options;

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="target">What it is for: decides where options leave a choice open.</param>
    /// <param name="isSigned">Whether values may be negative; data may bring the sign.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="scales">How many radix points a tensor has at the granularity chosen; 1 per tensor.</param>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or a weight's width allows one bit.</exception>
    public FixedPointQuantizer(
        BitWidth width, QuantizerTarget target, bool isSigned = true, FixedPointOptions? options = null, long scales = 1)
        : this(
            options ?? new FixedPointOptions(), width, target, isSigned,
            new ScaleReach((options ?? new FixedPointOptions()).Granularity, scales), nameof(FixedPointQuantizer))
    {
    }

    internal FixedPointQuantizer(
        FixedPointOptions options, BitWidth width, QuantizerTarget target, bool isSigned, ScaleReach reach, string owner)
        : base(width, Checked(options, width, target, owner), isSigned, new RangeChoice(
            options.IsGiven ? null : options.Range ?? RangeChoice.SourceFor(target), reach, options.Percentile, options.Kernels))
    {
        _options = options;
        RegisterComponents();
    }

    /// <summary>
    /// A range for each radix point that is static and comes from data; null where it is given, follows each tensor, or where codes wrap:
    /// they need all of the data's range, and clip nothing.
    /// </summary>
    public override RangeLayout? RangeLayout => _options.Overflow == CodeOverflow.Wrap ? null : base.RangeLayout;

    /// <summary>
    /// The format, such as <c>Q1.6</c>; of several the one with the fewest and the one with the most integer bits. Null where it comes from
    /// data that are not there.
    /// </summary>
    /// <param name="tensor">What would be given to <c>forward</c>; needed where the range is dynamic, else may be null.</param>
    public string? Format(Tensor? tensor = null)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        if (!IsCalibrated || RangeOf(tensor) is not var (low, high))
        {
            return null;
        }

        var scales = GridNumbers.Doubles(Numbers(low, high), GridNumbers.Scale).Where(s => s > 0).ToList();
        return scales.Count == 0 ? null : scales.Min() == scales.Max() ? Named(scales[0]) : $"{Named(scales.Min())}…{Named(scales.Max())}";
    }

    /// <summary>The format: see <see cref="Format"/>.</summary>
    /// <param name="weight">The latent weight; null for an input.</param>
    protected override string? Describe(Tensor? weight) => Format(weight);

    private protected override (int Smallest, int Largest, CodeOverflow Overflow) Codes()
    {
        var (smallest, largest) = FixedPointNumbers.Codes(Width.Bits, IsSigned);
        return (smallest, largest, _options.Overflow);
    }

    private protected override Tensor Numbers(Tensor low, Tensor high)
    {
        if (FractionBits() is { } given)
        {
            return FixedPointNumbers.WithFractionBits(high, given);
        }

        using var scope = NewDisposeScope();
        // Without a sign, what is negative saturates whatever the radix point.
        var magnitude = IsSigned ? low.neg().maximum(high) : high;
        return FixedPointNumbers.FromData(magnitude, Width.Bits, IsSigned, _options.Overflow).MoveToOuterDisposeScope();
    }

    private int? FractionBits() => _options.FractionBits
        ?? (FixedPointNumbers.MagnitudeBits(Width.Bits, IsSigned) - _options.IntegerBits);

    private string Named(double scale)
    {
        var fractionBits = -Math.ILogB(scale);
        return $"{(IsSigned ? "Q" : "UQ")}{FixedPointNumbers.MagnitudeBits(Width.Bits, IsSigned) - fractionBits}.{fractionBits}";
    }

    private static FixedPointOptions Checked(FixedPointOptions options, BitWidth width, QuantizerTarget target, string owner)
    {
        options.Validate();
        ArgumentNullException.ThrowIfNull(width);
        return target == QuantizerTarget.Weight && width.Minimum < 2 ? throw new ArgumentException(
            $"{owner}: in fixed point a weight's sign takes one bit, and '{width.Name}' allows one bit; allowed are widths from two "
            + "bits on.") : options;
    }
}
