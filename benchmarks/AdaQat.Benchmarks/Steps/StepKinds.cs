using AdaQat.Quantizers;

namespace AdaQat.Benchmarks.Steps;

/// <summary>The steps that can be measured.</summary>
public static class StepKinds
{
    private const int Bits = 4;

    /// <summary>Widths are probed and moved, but too little to change: so the costs of steps repeat.</summary>
    private const double Still = 1e-9;

    /// <summary>The step that ratios refer to.</summary>
    public static StepKind Fp32 { get; } = new("fp32", "FP32") { IsInPython = true };

    private static readonly StepKind Forward = new("fp32-forward", "FP32, a forward without gradient") { ForwardOnly = true };

    private static readonly StepKind Operators = new("qat-operators",
        "QAT, fixed widths, operator by operator")
    { Quantization = Plain(Fixed()) };

    private static readonly StepKind Qat = new("qat", "QAT, fixed widths") { Quantization = Fixed(), IsInPython = true };

    private static readonly StepKind Linear = new("qat-linear", "QAT, fixed widths, linear weights")
    {
        Quantization = Fixed() with { Weights = new DoReFaOptions { Transform = WeightTransform.Linear } },
    };

    private static readonly StepKind EveryStep = new("adaqat", "AdaQAT, both widths probed in every step")
    {
        Quantization = Learned(WidthSharing.Network),
        Widths = Exact(),
        IsInPython = true,
    };

    private static readonly StepKind RoundRobin = new("adaqat-turns", "AdaQAT, one of the widths probed in every step")
    {
        Quantization = Learned(WidthSharing.Network),
        Widths = Exact() with { MaximumProbesPerStep = 1 },
    };

    private static readonly StepKind Default = new("adaqat-default", "AdaQAT, default schedule")
    {
        Quantization = Learned(WidthSharing.Network),
        Widths = Usual(),
    };

    private static readonly StepKind Frozen = new("adaqat-frozen", "AdaQAT, all widths frozen")
    {
        Quantization = Learned(WidthSharing.Network),
        Widths = Usual(),
        Frozen = true,
    };

    private static readonly StepKind LayerEveryStep = new("layer", "AdaQAT per layer, every width probed in every step")
    {
        Quantization = Learned(WidthSharing.Layer),
        Widths = Exact(),
    };

    private static readonly StepKind LayerDefault = new("layer-default", "AdaQAT per layer, default schedule")
    {
        Quantization = Learned(WidthSharing.Layer),
        Widths = Usual(),
    };

    private static readonly StepKind LayerFrozen = new("layer-frozen", "AdaQAT per layer, all widths frozen")
    {
        Quantization = Learned(WidthSharing.Layer),
        Widths = Usual(),
        Frozen = true,
    };

    public static IReadOnlyList<StepKind> All { get; } =
    [
        Fp32, Operators, Qat, Linear, EveryStep, RoundRobin, Default, Frozen, LayerEveryStep, LayerDefault, LayerFrozen, Forward,
        .. FamilyKinds.All,
    ];

    /// <summary>What is measured where nothing else is asked for.</summary>
    public static IReadOnlyList<StepKind> Common { get; } = [Fp32, Operators, Qat, EveryStep, Default, Frozen, LayerDefault];

    /// <summary>Those asked for, after the one that they are compared with.</summary>
    public static IReadOnlyList<StepKind> WithBaseline(IEnumerable<StepKind> kinds) => [Fp32, .. kinds.Where(kind => kind != Fp32)];

    private static QuantizationOptions Fixed() =>
        new() { WeightBits = BitWidthChoice.Fixed(Bits), ActivationBits = BitWidthChoice.Fixed(Bits) };

    private static QuantizationOptions Plain(QuantizationOptions options) => options with
    {
        Weights = new DoReFaOptions { Kernels = KernelChoice.Operators },
        Activations = new PactOptions { Kernels = KernelChoice.Operators },
    };

    /// <summary>In the middle between two whole numbers of bits, where a small descent changes nothing.</summary>
    private static QuantizationOptions Learned(WidthSharing sharing) => new()
    {
        WeightBits = BitWidthChoice.Learned(start: Bits - 0.5),
        ActivationBits = BitWidthChoice.Learned(start: Bits - 0.5),
        WeightSharing = sharing,
        ActivationSharing = sharing,
    };

    /// <summary>What a user gets who chooses no schedule, in a run of two thousand steps and more.</summary>
    private static BitWidthOptimizerOptions Usual() => new() { LearningRate = Still, ProbeInterval = 10 };

    private static BitWidthOptimizerOptions Exact() => BitWidthOptimizerOptions.ExactSchedule with { LearningRate = Still };
}
