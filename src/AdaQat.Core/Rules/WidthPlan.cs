using AdaQat.Quantization;
using AdaQat.Tracing;

namespace AdaQat.Rules;

/// <summary>Which rule applies to each layer, and which width its weight and its input get.</summary>
internal sealed class WidthPlan
{
    private readonly QuantizationScheme _scheme;
    private readonly RuleBook _rules;
    private readonly Lazy<JoinGroups> _joins;
    private readonly Dictionary<TensorMemory, (TracedLayer Decider, BitWidth Width)> _weights = [];
    private readonly Dictionary<int, (TracedLayer Decider, BitWidth Width)> _inputs = [];

    /// <param name="scheme">The choices.</param>
    /// <param name="called">The layers that the model calls.</param>
    /// <param name="direct">Those that it computes with past their hooks.</param>
    /// <param name="joins">Finds which layers' outputs meet; asked where widths are shared so.</param>
    /// <exception cref="ArgumentException">A rule or a group of the scheme fits no layer.</exception>
    /// <exception cref="InvalidOperationException">One of <paramref name="direct"/> is not left in float.</exception>
    public WidthPlan(QuantizationScheme scheme, IReadOnlyList<TracedLayer> called, IReadOnlyList<DirectUse> direct, Func<JoinGroups> joins)
    {
        _joins = new Lazy<JoinGroups>(joins);
        (_scheme, _rules) = (scheme, new RuleBook(scheme, called, [.. direct.Where(d => !d.IsCalledToo).Select(d => d.Traced)]));
        if (direct.FirstOrDefault(d => !IsLeftInFloat(d.Traced)) is { } unreachable)
        {
            throw unreachable.Refusal();
        }

        Quantized = called.Where(layer => !IsLeftInFloat(layer)).ToList();
        PlanWeights();
        PlanInputs();
    }

    /// <summary>The layers that are quantized, at least in part, in the order of their first call.</summary>
    public IReadOnlyList<TracedLayer> Quantized { get; }

    /// <summary>Whether the layer is not touched at all.</summary>
    public bool IsLeftInFloat(TracedLayer layer) =>
        WeightChoice(layer) == BitWidthChoice.Unquantized && ActivationChoice(layer) == BitWidthChoice.Unquantized;

    /// <summary>The rule that applies, or null where the scheme's own choices hold.</summary>
    public LayerRule? RuleFor(TracedLayer layer) => _rules.RuleFor(layer);

    public BitWidth WeightWidth(TracedLayer layer) => _weights[layer.Layer.WeightMemory].Width;

    public BitWidth ActivationWidth(TracedLayer layer) => _inputs[layer.Input].Width;

    /// <summary>The quantizer of the weight of <paramref name="layer"/>, for all layers that share it.</summary>
    /// <exception cref="ArgumentException">The family is not made for it.</exception>
    public Quantizer CreateWeightQuantizer(TracedLayer layer)
    {
        var (decider, width) = _weights[layer.Layer.WeightMemory];
        return Create(RuleFor(decider)?.Weights ?? _scheme.Weights, QuantizerTarget.Weight, layer, width, isSigned: true);
    }

    /// <summary>The quantizer of the input that <paramref name="layer"/> reads, for all who read it.</summary>
    /// <exception cref="ArgumentException">The family is not made for it.</exception>
    public Quantizer CreateActivationQuantizer(TracedLayer layer)
    {
        var (decider, width) = _inputs[layer.Input];
        var isSigned = Quantized.Any(reader => reader.Input == layer.Input && reader.IsSigned);
        return Create(RuleFor(decider)?.Activations ?? _scheme.Activations, QuantizerTarget.Activation, layer, width, isSigned);
    }

    /// <summary>How the gradient of the layer's output is quantized; null where it is not.</summary>
    public GradientOptions? GradientsOf(TracedLayer layer)
    {
        var isIncluded = _scheme.Gradients is { IncludesFirstAndLast: true } || _rules.FactsOf(layer) is { IsFirst: false, IsLast: false };
        var gradients = RuleFor(layer)?.Gradients ?? (isIncluded ? _scheme.Gradients : null);
        return gradients == GradientOptions.None ? null : gradients;
    }

    private Quantizer Create(QuantizerOptions options, QuantizerTarget target, TracedLayer layer, BitWidth width, bool isSigned)
    {
        if (width.IsUnquantized)
        {
            return new FloatQuantizer(width);
        }

        var request = new QuantizerRequest(target, _rules.FactsOf(layer), width, isSigned);
        var made = options.Create(request) ?? throw new InvalidOperationException(
            $"{options.GetType().Name} made no quantizer for layer '{layer.Layer.Name}': it returned null.");
        made.Origin = new QuantizerOrigin(options, request);
        return made;
    }

    /// <summary>
    /// A weight that several layers share is quantized once, by the same rule as inputs: the first in the list that matches one of them.
    /// </summary>
    private void PlanWeights()
    {
        var deciders = Quantized.GroupBy(layer => layer.Layer.WeightMemory)
            .Select(owners => (Owner: owners.First(), Decider: owners.MinBy(RankOfWeight)!)).ToList();
        var learned = deciders.Where(weight => WeightChoice(weight.Decider) is { IsLearned: true, IsInferred: false })
            .Select(weight => weight.Owner).ToList();
        var shared = new SharedWidths(
            _scheme.WeightSharing, nameof(QuantizationScheme.WeightGroups), _scheme.WeightGroups, learned, "weights",
            layer => _joins.Value.OfOutput(layer.Layer.Name));
        foreach (var (owner, decider) in deciders)
        {
            var rule = RuleFor(decider) is { WeightBits: not null } own ? own.Name : null;
            _weights.Add(owner.Layer.WeightMemory, (decider, shared.WidthOf(owner, WeightChoice(decider), rule)));
        }
    }

    /// <summary>
    /// An input is quantized once, as the first rule in the list says that matches one of its readers; without a rule, under the first
    /// reader's name.
    /// </summary>
    private void PlanInputs()
    {
        var deciders = Quantized.GroupBy(layer => layer.Input)
            .Select(readers => (Reader: readers.First(), Decider: readers.MinBy(RankOfActivation)!)).ToList();
        var learned = deciders.Where(input => ActivationChoice(input.Decider) is { IsLearned: true, IsInferred: false })
            .Select(input => input.Reader).ToList();
        var shared = new SharedWidths(
            _scheme.ActivationSharing, nameof(QuantizationScheme.ActivationGroups), _scheme.ActivationGroups, learned, "activations",
            layer => _joins.Value.OfInput(layer.Layer.Name));
        foreach (var (reader, decider) in deciders)
        {
            var rule = RuleFor(decider) is { ActivationBits: not null } own ? own.Name : null;
            _inputs.Add(reader.Input, (decider, shared.WidthOf(reader, ActivationChoice(decider), rule)));
        }
    }

    private int RankOfWeight(TracedLayer layer) =>
        RuleFor(layer) is { } rule
            && (rule.WeightBits is not null || rule.Weights is not null) ? _rules.RankOf(layer) : int.MaxValue;

    private int RankOfActivation(TracedLayer layer) =>
        RuleFor(layer) is { } rule
            && (rule.ActivationBits is not null || rule.Activations is not null) ? _rules.RankOf(layer) : int.MaxValue;

    private BitWidthChoice WeightChoice(TracedLayer layer) =>
        Choice(RuleFor(layer)?.WeightBits ?? _scheme.WeightBits, RuleFor(layer)?.Weights ?? _scheme.Weights);

    private BitWidthChoice ActivationChoice(TracedLayer layer) =>
        Choice(RuleFor(layer)?.ActivationBits ?? _scheme.ActivationBits, RuleFor(layer)?.Activations ?? _scheme.Activations);

    /// <summary>Whether a learned width is inferred depends on who quantizes.</summary>
    private static BitWidthChoice Choice(BitWidthChoice choice, QuantizerOptions family) =>
        family.InfersWidth ? choice.AsInferred() : choice;
}
