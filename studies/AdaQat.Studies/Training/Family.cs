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
        ["fixed-point"] = new FixedPointOptions(),
        ["power-of-two"] = new PowerOfTwoOptions(),
        ["apot"] = new AdditivePowerOfTwoOptions(),
    };
}
