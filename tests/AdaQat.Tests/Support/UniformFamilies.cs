using AdaQat.Quantizers;

namespace AdaQat.Tests.Support;

/// <summary>Choices of the uniform families, by name: what every one of them has to get through.</summary>
internal static class UniformFamilies
{
    private static readonly Dictionary<string, (QuantizerOptions Weights, QuantizerOptions Activations)> Choices = new()
    {
        ["affine"] = (new AffineOptions(), new AffineOptions()),
        ["affine by channel, narrow"] = (
            new AffineOptions { Granularity = Granularity.PerChannel(), IsNarrow = true },
            new AffineOptions { IsSymmetric = true, Percentile = 0.999 }),
        ["affine static weights, dynamic inputs"] = (
            new AffineOptions { Granularity = Granularity.PerChannel(), Range = RangeSource.Static, IsSymmetric = false },
            new AffineOptions { Range = RangeSource.Dynamic }),
        ["affine inputs by channel"] = (new AffineOptions(), new AffineOptions { Granularity = Granularity.PerChannel(axis: 1) }),
        ["lsq"] = (new LsqOptions(), new LsqOptions()),
        ["lsq by channel"] = (
            new LsqOptions { Granularity = Granularity.PerChannel() }, new LsqOptions { Granularity = Granularity.PerChannel(axis: 1) }),
        ["fixed point"] = (new FixedPointOptions(), new FixedPointOptions()),
        ["fixed point by channel, wrapping inputs"] = (
            new FixedPointOptions { Granularity = Granularity.PerChannel(), Range = RangeSource.Static },
            new FixedPointOptions { Overflow = CodeOverflow.Wrap, IntegerBits = 4 }),
        ["learned range, widths by differences"] = (
            new LearnedRangeOptions { IsWidthInferred = false }, new LearnedRangeOptions { IsWidthInferred = false }),
        ["learned range"] = (new LearnedRangeOptions(), new LearnedRangeOptions()),
        ["learned range, steps powers of two"] = (
            new LearnedRangeOptions { HasPowerOfTwoStep = true }, new LearnedRangeOptions { HasPowerOfTwoStep = true }),
    };

    public static TheoryData<string> Names => [.. Choices.Keys];

    /// <summary>Those whose widths are learned by differences of the loss.</summary>
    public static TheoryData<string> Probed =>
        [.. Choices.Where(c => c.Value.Weights is not LearnedRangeOptions { IsWidthInferred: true }).Select(c => c.Key)];

    /// <summary>The scheme of a choice; learned widths from 8 down to 2 bits, for the first layer's weight, too.</summary>
    public static QuantizationOptions Scheme(string name) => new()
    {
        Weights = Choices[name].Weights,
        Activations = Choices[name].Activations,
        FirstLayerBits = null,
    };
}
