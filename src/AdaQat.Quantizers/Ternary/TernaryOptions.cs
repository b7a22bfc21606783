using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="TernaryQuantizer"/>, for weights of two bits without their fourth value.</summary>
/// <remarks>
/// The family has no other width: <c>new QuantizationOptions { Weights = new TernaryOptions(), WeightBits = BitWidthChoice.Fixed(2) }</c>,
/// or by a rule, <c>LayerRule.Named("body.*").With(weights: new TernaryOptions()).With(weights: BitWidthChoice.Fixed(2))</c>.
/// </remarks>
public sealed record TernaryOptions : QuantizerOptions
{
    /// <summary>How far one threshold and one scale reach. Default <see cref="Granularity.PerTensor"/>, as in the paper.</summary>
    public Granularity Granularity { get; init; } = Granularity.PerTensor;

    /// <summary>Where the scale comes from. Default <see cref="TernaryScale.Mean"/>.</summary>
    public TernaryScale Scale { get; init; } = TernaryScale.Mean;

    /// <summary>
    /// The share of mean|w| at and under which a weight becomes 0: above 0, below 1. Default 0.7, near the best one for weights that are
    /// distributed normally or evenly.
    /// </summary>
    public double Threshold { get; init; } = 0.7;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed, or two contradict each other; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Scale, nameof(Scale));
        Choices.Validate(Kernels, nameof(Kernels));
        if (!(Threshold > 0 && Threshold < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Threshold), Threshold, FormattableString.Invariant(
                    $"Threshold is {Threshold}; allowed are numbers above 0, below 1."));
        }

        if (Scale == TernaryScale.Learned && Granularity != Granularity.PerTensor)
        {
            throw new ArgumentException(
                $"{nameof(Granularity)} is {Granularity}; learned scales are of the whole tensor: {nameof(Granularity)}."
                + $"{nameof(Granularity.PerTensor)}.", nameof(Granularity));
        }
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        Requests.RequireWeight(request, nameof(TernaryOptions));
        Requests.RequireWidth(request, nameof(TernaryOptions), TernaryQuantizer.Bits, TernaryQuantizer.Bits);
        var reach = ScaleReach.Of(request, Granularity, nameof(TernaryOptions));
        return new TernaryQuantizer(request.Width, this with { Granularity = reach.Granularity });
    }
}
