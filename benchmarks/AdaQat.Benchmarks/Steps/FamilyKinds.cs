using AdaQat.Quantizers;

namespace AdaQat.Benchmarks.Steps;

/// <summary>A step with fixed widths for each of the other families of quantizers.</summary>
public static class FamilyKinds
{
    private const int Bits = 4;

    private static readonly StepKind Affine = Kind("affine", "affine", new AffineOptions(), new AffineOptions());

    private static readonly StepKind AffineByChannel = Kind(
        "affine-channel", "affine, weights by channel", new AffineOptions { Granularity = Granularity.PerChannel() }, new AffineOptions());

    private static readonly StepKind AffineInputsByChannel = Kind(
        "affine-channels", "affine, weights and inputs by channel",
        new AffineOptions { Granularity = Granularity.PerChannel() },
        new AffineOptions { Granularity = Granularity.PerChannel(axis: 1) });

    private static readonly StepKind Lsq = Kind("lsq", "LSQ", new LsqOptions(), new LsqOptions());

    private static readonly StepKind LsqByChannel = Kind(
        "lsq-channel", "LSQ, weights by channel", new LsqOptions { Granularity = Granularity.PerChannel() }, new LsqOptions());

    private static readonly StepKind LsqInputsByChannel = Kind(
        "lsq-channels", "LSQ, weights and inputs by channel",
        new LsqOptions { Granularity = Granularity.PerChannel() },
        new LsqOptions { Granularity = Granularity.PerChannel(axis: 1) });

    private static readonly StepKind FixedPoint = Kind("fixed", "fixed point", new FixedPointOptions(), new FixedPointOptions());

    private static readonly StepKind PowerOfTwo = Kind("pow2", "powers of two", new PowerOfTwoOptions(), new PowerOfTwoOptions());

    private static readonly StepKind PowerOfTwoOfEightBits =
        Kind("pow2-8", "powers of two, 8 bits", new PowerOfTwoOptions(), new PowerOfTwoOptions(), bits: 8);

    private static readonly StepKind AdditivePowerOfTwo =
        Kind("apot", "sums of powers of two", new AdditivePowerOfTwoOptions(), new AdditivePowerOfTwoOptions());

    private static readonly StepKind AdditivePowerOfTwoOfEightBits = Kind(
        "apot-8", "sums of powers of two, 8 bits", new AdditivePowerOfTwoOptions(), new AdditivePowerOfTwoOptions(), bits: 8);

    private static readonly StepKind Codebook = Kind("codebook", "codebook weights", new CodebookOptions(), new PactOptions());

    private static readonly StepKind CodebookOfEightBits =
        Kind("codebook-8", "codebook weights, 8 bits", new CodebookOptions(), new PactOptions(), bits: 8);

    private static readonly StepKind Binary = OfOneWidth("binary", "binary weights", new BinaryOptions(), BinaryQuantizer.Bits);

    private static readonly StepKind Ternary = OfOneWidth("ternary", "ternary weights", new TernaryOptions(), TernaryQuantizer.Bits);

    private static readonly StepKind LearnedTernary = OfOneWidth(
        "ternary-learned", "ternary weights, learned scales", new TernaryOptions { Scale = TernaryScale.Learned }, TernaryQuantizer.Bits);

    private static readonly StepKind Gradients = new("qat-gradients", "QAT, fixed widths, DoReFa and PACT, gradients of 8 bits")
    {
        Quantization = Fixed(Bits) with { Gradients = new DoReFaGradientOptions() },
    };

    public static IReadOnlyList<StepKind> All { get; } =
    [
        Affine, AffineByChannel, AffineInputsByChannel, Lsq, LsqByChannel, LsqInputsByChannel, FixedPoint, PowerOfTwo,
        PowerOfTwoOfEightBits, AdditivePowerOfTwo, AdditivePowerOfTwoOfEightBits, Codebook, CodebookOfEightBits, Binary, Ternary,
        LearnedTernary, Gradients,
    ];

    private static StepKind Kind(string name, string title, QuantizerOptions weights, QuantizerOptions activations, int bits = Bits) =>
        new($"qat-{name}", $"QAT, fixed widths, {title}")
        {
            Quantization = Fixed(bits) with { Weights = weights, Activations = activations },
        };

    /// <summary>The first and the last layer have a width that the family has not.</summary>
    private static StepKind OfOneWidth(string name, string title, QuantizerOptions weights, int bits) =>
        new($"qat-{name}", $"QAT, fixed widths, {title}")
        {
            Quantization = Fixed(Bits) with
            {
                Weights = weights,
                WeightBits = BitWidthChoice.Fixed(bits),
                Rules =
                [
                    LayerRule.First.Fixed(8).With(weights: new DoReFaOptions()),
                    LayerRule.Last.Fixed(8).With(weights: new DoReFaOptions()),
                ],
            },
        };

    private static QuantizationOptions Fixed(int bits) =>
        new() { WeightBits = BitWidthChoice.Fixed(bits), ActivationBits = BitWidthChoice.Fixed(bits) };
}
