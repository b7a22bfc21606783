using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="PowerOfTwoQuantizer"/>, for weights and for layers' inputs, of 2 to 8 bits.</summary>
public sealed record PowerOfTwoOptions : QuantizerOptions
{
    /// <summary>Where the largest exponent comes from. Default <see cref="PowerOfTwoRange.FromData"/>.</summary>
    public PowerOfTwoRange Range { get; init; } = PowerOfTwoRange.FromData;

    /// <summary>
    /// The largest exponent, −100 to 100: where it stays, or with <see cref="PowerOfTwoRange.Learned"/> where it starts. Null (the default)
    /// takes it from data.
    /// </summary>
    public int? LargestExponent { get; init; }

    /// <summary>The share of the first batch's magnitudes that an input's range covers, above 0, up to 1. Default 0.999.</summary>
    public double Percentile { get; init; } = 0.999;

    /// <summary>
    /// Whether an input's levels are symmetric around 0 (true) or begin there (false), whatever the data; null takes the former where the
    /// example or the first batch has a negative element. Default null. Weights are always signed.
    /// </summary>
    public bool? IsSigned { get; init; }

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Range, nameof(Range));
        Choices.Validate(Kernels, nameof(Kernels));
        if (LargestExponent is { } exponent && Math.Abs(exponent) > PowerOfTwoQuantizer.ExponentLimit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LargestExponent), exponent,
                $"LargestExponent is {exponent}; allowed are −{PowerOfTwoQuantizer.ExponentLimit} to {PowerOfTwoQuantizer.ExponentLimit}, "
                + "and null.");
        }

        Choices.Share(Percentile, nameof(Percentile));
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Requests.RequireWidth(request, nameof(PowerOfTwoOptions), PowerOfTwoQuantizer.MinimumBits, PowerOfTwoQuantizer.MaximumBits);
        return new PowerOfTwoQuantizer(request.Width, request.Target, IsSigned ?? request.IsSigned, this);
    }
}
