using AdaQat.Quantizers;
using AdaQat.Widths;

namespace AdaQat.Benchmarks.Steps;

/// <summary>The steps that can be measured.</summary>
public static class StepKinds
{
    private const int Bits = 4;

    /// <summary>The step that ratios refer to.</summary>
    public static StepKind Fp32 { get; } = new("fp32", "FP32") { IsInPython = true };

    private static readonly StepKind Qat = new("qat", "QAT, fixed widths") { Quantization = Fixed(), IsInPython = true };

    private static readonly StepKind EveryStep = new("adaqat", "AdaQAT, probes in every step")
    {
        Quantization = Learned(Granularity.Network),
        Widths = Still(),
        IsInPython = true,
    };

    private static readonly StepKind Frozen = new("adaqat-frozen", "AdaQAT, all widths frozen")
    {
        Quantization = Learned(Granularity.Network),
        Widths = Still(),
        Frozen = true,
    };

    private static readonly StepKind PerLayer = new("adaqat-layer", "AdaQAT, a width a layer, two measured and the others estimated in every step")
    {
        Quantization = Learned(Granularity.Layer),
        Widths = Still(),
    };

    public static IReadOnlyList<StepKind> All { get; } = [Fp32, Qat, EveryStep, Frozen, PerLayer];

    /// <summary>What is measured where nothing else is asked for.</summary>
    public static IReadOnlyList<StepKind> Usual { get; } = [Fp32, Qat, EveryStep, Frozen];

    /// <summary>Those asked for, after the one that they are compared with.</summary>
    public static IReadOnlyList<StepKind> WithBaseline(IEnumerable<StepKind> kinds) => [Fp32, .. kinds.Where(kind => kind != Fp32)];

    private static QuantizationOptions Fixed() => new() { WeightBits = BitWidthChoice.Fixed(Bits), ActivationBits = BitWidthChoice.Fixed(Bits) };

    /// <summary>In the middle between two whole numbers of bits, where a small descent changes nothing.</summary>
    private static QuantizationOptions Learned(Granularity granularity) => new()
    {
        WeightBits = BitWidthChoice.Learned(start: Bits - 0.5),
        ActivationBits = BitWidthChoice.Learned(start: Bits - 0.5),
        WeightGranularity = granularity,
        ActivationGranularity = granularity,
    };

    /// <summary>Every step is to cost the same: widths are probed and moved, but too little to matter. The default schedule does so in every tenth.</summary>
    private static BitWidthOptimizerOptions Still() => new() { ProbeInterval = 1, LearningRate = 1e-9, StalledStepsWarning = null };
}
