using AdaQat.Quantizers;

namespace AdaQat.Studies.Training;

/// <summary>
/// The families of quantizers, by the names that command lines use; their options are the defaults but for what a name says.
/// </summary>
public static class Family
{
    public static IReadOnlyDictionary<string, QuantizerOptions> OfWeights { get; } = new Dictionary<string, QuantizerOptions>
    {
        ["dorefa"] = new DoReFaOptions(),
        ["affine"] = new AffineOptions(),
        ["affine-channel"] = new AffineOptions { Granularity = Granularity.PerChannel() },
        ["lsq"] = new LsqOptions(),
        ["lsq-channel"] = new LsqOptions { Granularity = Granularity.PerChannel() },
        ["learned-range"] = new LearnedRangeOptions(),
        ["learned-range-probed"] = new LearnedRangeOptions { IsWidthInferred = false },
        ["fixed-point"] = new FixedPointOptions(),
        ["power-of-two"] = new PowerOfTwoOptions(),
        ["apot"] = new AdditivePowerOfTwoOptions(),
        ["codebook"] = new CodebookOptions(),
        ["binary"] = new BinaryOptions(),
        ["ternary"] = new TernaryOptions(),
        ["ternary-learned"] = new TernaryOptions { Scale = TernaryScale.Learned },
    };

    public static IReadOnlyDictionary<string, QuantizerOptions> OfActivations { get; } = new Dictionary<string, QuantizerOptions>
    {
        ["pact"] = new PactOptions(),
        ["affine"] = new AffineOptions(),
        ["affine-dynamic"] = new AffineOptions { Range = RangeSource.Dynamic },
        ["lsq"] = new LsqOptions(),
        ["learned-range"] = new LearnedRangeOptions(),
        ["learned-range-probed"] = new LearnedRangeOptions { IsWidthInferred = false },
        ["fixed-point"] = new FixedPointOptions(),
        ["power-of-two"] = new PowerOfTwoOptions(),
        ["apot"] = new AdditivePowerOfTwoOptions(),
    };

    /// <summary>Whether each quantizer of the family infers a width of its own, which none shares.</summary>
    public static bool InfersWidths(QuantizerOptions family) => family is LearnedRangeOptions { IsWidthInferred: true };

    /// <summary>Whether what the family learns are logarithms, which a weight decay would pull to the step or range 1.</summary>
    public static bool LearnsLogarithms(QuantizerOptions family) => family is LearnedRangeOptions;
}
