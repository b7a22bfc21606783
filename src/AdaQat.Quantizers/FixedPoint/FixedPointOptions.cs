using AdaQat.Quantizers.FixedPoint;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="FixedPointQuantizer"/>, for weights and for layers' inputs.</summary>
public sealed record FixedPointOptions : QuantizerOptions
{
    /// <summary>The largest number of integer or fraction bits that may be given, of either sign.</summary>
    public const int MostBits = FixedPointNumbers.MostIntegerBits;

    /// <summary>
    /// m: the bits before the radix point, the sign's not counted, from −<see cref="MostBits"/> to <see cref="MostBits"/>; as the width
    /// moves, the range stays. Null (the default) chooses them from data, or by <see cref="FractionBits"/>.
    /// </summary>
    public int? IntegerBits { get; init; }

    /// <summary>
    /// f: the bits behind the radix point, from −<see cref="MostBits"/> to <see cref="MostBits"/>; as the width moves, the step stays.
    /// Null (the default) leaves to them what the integer bits and the sign do not take.
    /// </summary>
    public int? FractionBits { get; init; }

    /// <summary>What becomes of values beyond the range. Default <see cref="CodeOverflow.Saturate"/>.</summary>
    public CodeOverflow Overflow { get; init; } = CodeOverflow.Saturate;

    /// <summary>How far one radix point reaches, as <see cref="AffineOptions.Granularity"/>. Default per tensor.</summary>
    public Granularity Granularity { get; init; } = Granularity.PerTensor;

    /// <summary>Where a radix point from data comes from; null: of weights dynamic, of inputs static. Default null.</summary>
    public RangeSource? Range { get; init; }

    /// <summary>The share of the elements that either end of a range from data covers, above 0, up to 1. Default 1.</summary>
    public double Percentile { get; init; } = 1;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed, or two exclude each other; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Overflow, nameof(Overflow));
        Choices.Validate(Range ?? RangeSource.Static, nameof(Range));
        Choices.Validate(Kernels, nameof(Kernels));
        Choices.Share(Percentile, nameof(Percentile));
        RequireBits(IntegerBits, nameof(IntegerBits));
        RequireBits(FractionBits, nameof(FractionBits));
        if (IntegerBits is not null && FractionBits is not null)
        {
            throw new ArgumentException(
                $"{nameof(IntegerBits)} is {IntegerBits} and {nameof(FractionBits)} is {FractionBits}; only one may be given, since the "
                + "width decides the other.",
                nameof(FractionBits));
        }

        if (IsGiven && (Range is not null || Percentile < 1))
        {
            throw new ArgumentException(
                $"{nameof(Range)} and {nameof(Percentile)} are for a radix point from data; here {nameof(IntegerBits)} or "
                + $"{nameof(FractionBits)} gives it.",
                nameof(Range));
        }
    }

    /// <summary>Whether the radix point needs no data.</summary>
    internal bool IsGiven => (IntegerBits ?? FractionBits) is not null;

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new FixedPointQuantizer(
            this, request.Width, request.Target, request.IsSigned, ScaleReach.Of(request, Granularity, nameof(FixedPointOptions)),
            $"layer '{request.Layer.Name}'");
    }

    private static void RequireBits(int? bits, string name)
    {
        if (bits is < -MostBits or > MostBits)
        {
            throw new ArgumentOutOfRangeException(name, bits, $"{name} is {bits}; allowed are -{MostBits} to {MostBits}, and null.");
        }
    }
}
