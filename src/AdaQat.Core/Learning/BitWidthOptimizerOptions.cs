using AdaQat.Diagnostics;
using AdaQat.Steering;

namespace AdaQat;

/// <summary>How bit-widths are learned.</summary>
/// <remarks>
/// By default a schedule of probes that costs little; <see cref="ExactSchedule"/> is the exact one. docs/probing.md says when to use which.
/// </remarks>
public sealed record BitWidthOptimizerOptions
{
    private static readonly BitOpsCost BitOps = new();
    private static readonly WeightBitsCost WeightBits = new();

    private readonly IHardwareCost? _cost;

    /// <summary>
    /// The exact method: every width is measured in every step, which costs a forward a width a step. Change it with <c>with</c>, as in
    /// <c>BitWidthOptimizerOptions.ExactSchedule with { Lambda = 0.1 }</c>.
    /// </summary>
    public static BitWidthOptimizerOptions ExactSchedule { get; } = new()
    {
        ProbeInterval = 1,
        MaximumProbesPerStep = int.MaxValue,
        EstimatesFromBackward = false,
    };

    /// <summary>
    /// λ: the weight of the hardware cost against the task loss, 0 and more. Larger means fewer bits. Default 0.15, the paper's for
    /// CIFAR-10.
    /// With a cost target it is where λ starts, above 0.
    /// </summary>
    public double Lambda { get; init; } = 0.15;

    /// <summary>
    /// How many steps the run has. η, the probe interval and the rest at the minimum follow from it where they are left out, such that the
    /// widths have settled in the first half of the run. At least 1; from 500 on there is time for that, and a shorter run is warned. Null
    /// (the default) where <see cref="LearningRate"/> is given, or where <see cref="Training.AdaQatTrainer"/> knows it.
    /// </summary>
    public int? TotalSteps { get; init; }

    /// <summary>
    /// η: how far a width moves a step for a gradient of 1, in bits, above 0. Null (the default) takes what fits
    /// <see cref="TotalSteps"/>, or with a cost target what brings the cost to it in time. There is no η that fits runs of all lengths.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// How many upward switches across one integer boundary a width may make; one more freezes it. At least 1. Default 10.
    /// </summary>
    public int OscillationThreshold { get; init; } = 10;

    /// <summary>
    /// After how many steps of rest at its minimum a width is frozen there; a probe stands for the steps since the last. At least 1. Null
    /// (the default) takes a tenth of <see cref="TotalSteps"/>, at most 500.
    /// </summary>
    public int? RestSteps { get; init; }

    /// <summary>
    /// Widths are probed in every k-th step, and then move k times as far, up to one bit. At least 1, the exact method. Null (the default)
    /// takes a 180th of <see cref="TotalSteps"/>, at most 10.
    /// </summary>
    public int? ProbeInterval { get; init; }

    /// <summary>
    /// How many widths a probing step measures, each with a forward of its own; where there are more, they take turns at it, and
    /// <see cref="EstimatesFromBackward"/> says what the others do meanwhile. At least 1. Default 2: one pair of widths is measured whole.
    /// </summary>
    public int MaximumProbesPerStep { get; init; } = 2;

    /// <summary>
    /// Whether a probing step estimates from the backward pass what it does not measure, so that every width moves in it; else those wait
    /// for their turn. Default true.
    /// </summary>
    public bool EstimatesFromBackward { get; init; } = true;

    /// <summary>
    /// L_hard. Default <see cref="BitOpsCost"/>; <see cref="WeightBitsCost"/> where <see cref="TargetWeightBits"/> is set.
    /// </summary>
    public IHardwareCost Cost
    {
        get => _cost ?? (TargetWeightBits is null ? BitOps : WeightBits);
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Cost));
            _cost = value;
        }
    }

    /// <summary>
    /// The bit operations for one sample, Σ MAC·n_w·n_a over all layers (<see cref="BitOpsCost.Total"/>), that the run must end at or just
    /// under: λ is steered. Null leaves λ as it is. At most one target may be set. Default null.
    /// </summary>
    public double? TargetBitOps { get; init; }

    /// <summary>
    /// The same for the bits of all weights together, Σ WeightCount·n_w (<see cref="WeightBitsCost.Total"/>). Default null.
    /// </summary>
    public double? TargetWeightBits { get; init; }

    /// <summary>
    /// The same in the unit of <see cref="Cost"/>'s <see cref="IHardwareCost.Total"/>, for a cost of your own, which must not fall with
    /// more bits.
    /// Default null.
    /// </summary>
    public double? Target { get; init; }

    /// <summary>
    /// With a target: the step in which the widths become final, at least 1. The steps after it train the weights at the final widths.
    /// Null, the default, takes half of <see cref="TotalSteps"/>, or with <see cref="Training.AdaQatTrainer"/> half of its run.
    /// </summary>
    public int? TargetStep { get; init; }

    /// <summary>
    /// The step in which widths that quantizers infer become final, at least 1: those that have not settled before. The steps after it
    /// train at these widths. Null, the default, takes half of <see cref="TotalSteps"/>, or with <see cref="Training.AdaQatTrainer"/> half
    /// of its run; without either they move as long as the run lasts.
    /// </summary>
    public int? FreezeStep { get; init; }

    /// <summary>A width that has not moved for this many steps is reported as a warning; null never. At least 1. Default 2000.</summary>
    public int? StalledStepsWarning { get; init; } = 2000;

    /// <summary>
    /// A layer with more than this share of its weights quantized to zero is reported as a warning; null never. Above 0, up to 1. Default
    /// 0.9.
    /// </summary>
    public double? ZeroWeightShareWarning { get; init; } = 0.9;

    /// <summary>In every how many steps the two warnings are looked for. At least 1. Default 200.</summary>
    public int WarningInterval { get; init; } = 200;

    /// <summary>What steering needs of these; null without a target.</summary>
    internal SteeringOptions? Steering => Targets().SingleOrDefault() is { } target
        ? new SteeringOptions(Cost, target, TargetStep ?? (TotalSteps is { } total ? Math.Max(1, total / 2) : null), Lambda, LearningRate)
        : null;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    /// <exception cref="ArgumentException">Two contradict each other; the message names both.</exception>
    public void Validate()
    {
        Guard.NotNegative(Lambda, nameof(Lambda));
        if (TotalSteps is { } total)
        {
            Guard.AtLeast(total, 1, nameof(TotalSteps));
        }

        if (LearningRate is { } rate)
        {
            Guard.Positive(rate, nameof(LearningRate));
        }

        Guard.AtLeast(OscillationThreshold, 1, nameof(OscillationThreshold));
        if (RestSteps is { } rest)
        {
            Guard.AtLeast(rest, 1, nameof(RestSteps));
        }

        if (ProbeInterval is { } interval)
        {
            Guard.AtLeast(interval, 1, nameof(ProbeInterval));
        }

        Guard.AtLeast(MaximumProbesPerStep, 1, nameof(MaximumProbesPerStep));
        if (FreezeStep is { } final)
        {
            Guard.AtLeast(final, 1, nameof(FreezeStep));
        }

        Guard.AtLeast(WarningInterval, 1, nameof(WarningInterval));
        if (StalledStepsWarning is { } steps)
        {
            Guard.AtLeast(steps, 1, nameof(StalledStepsWarning));
        }

        if (ZeroWeightShareWarning is { } share)
        {
            Guard.Share(share, nameof(ZeroWeightShareWarning));
        }

        ValidateTarget();
    }

    private void ValidateTarget()
    {
        var targets = Targets().ToList();
        foreach (var target in targets)
        {
            Guard.Positive(target.Value, target.Name);
        }

        if (targets.Count > 1)
        {
            throw new ArgumentException(
                $"{string.Join(" and ", targets.Select(t => t.Name))} are set; allowed is one target.", targets[1].Name);
        }

        RequireCost<BitOpsCost>(TargetBitOps, nameof(TargetBitOps));
        RequireCost<WeightBitsCost>(TargetWeightBits, nameof(TargetWeightBits));
        if (targets.Count > 0)
        {
            Guard.Positive(Lambda, nameof(Lambda));
        }

        if (TargetStep is { } steps)
        {
            Guard.AtLeast(steps, 1, nameof(TargetStep));
            if (targets.Count == 0)
            {
                throw new ArgumentException(
                    $"TargetStep is {steps}, but there is no target to reach by then; set TargetBitOps, TargetWeightBits or Target, "
                    + "or leave it null.", nameof(TargetStep));
            }
        }
    }

    private void RequireCost<T>(double? target, string name)
        where T : IHardwareCost
    {
        if (target is not null && Cost is not T)
        {
            throw new ArgumentException(
                $"{name} is set together with a Cost of {Cost.GetType().Name}, but it is counted by {typeof(T).Name}; leave Cost "
                + "out, or use Target, which is in Cost's own unit.", name);
        }
    }

    private IEnumerable<CostTarget> Targets() =>
        new (string Name, double? Value)[] { (nameof(TargetBitOps), TargetBitOps), (nameof(TargetWeightBits), TargetWeightBits),
            (nameof(Target), Target) }
            .Where(t => t.Value is not null).Select(t => new CostTarget(t.Name, t.Value!.Value));
}
