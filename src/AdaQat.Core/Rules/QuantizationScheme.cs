using AdaQat.Diagnostics;
using AdaQat.Rules;

namespace AdaQat;

/// <summary>What attaching needs to know: which widths there are, and which quantizers read them.</summary>
/// <remarks>The usual one is <c>AdaQat.Quantizers.QuantizationOptions</c>: DoReFa weights and PACT activations.</remarks>
public record QuantizationScheme
{
    private readonly WidthSharing? _weightSharing;
    private readonly WidthSharing? _activationSharing;

    /// <summary>Makes a scheme of these quantizers.</summary>
    /// <param name="weights">Makes the quantizers of weights.</param>
    /// <param name="activations">Makes the quantizers of layers' inputs.</param>
    public QuantizationScheme(QuantizerOptions weights, QuantizerOptions activations) => (Weights, Activations) = (weights, activations);

    /// <summary>The family that quantizes weights, and its choices.</summary>
    public QuantizerOptions Weights { get; init; }

    /// <summary>The family that quantizes layers' inputs, and its choices.</summary>
    public QuantizerOptions Activations { get; init; }

    /// <summary>The width of weights. Default: learned, from 8 down to 2 bits.</summary>
    public BitWidthChoice WeightBits { get; init; } = BitWidthChoice.Learned();

    /// <summary>The width of activations. Default: learned, from 8 down to 2 bits.</summary>
    public BitWidthChoice ActivationBits { get; init; } = BitWidthChoice.Learned();

    /// <summary>
    /// Quantizes the gradients of layers' outputs in the backward pass; null, the default, leaves them as they are.
    /// </summary>
    public GradientOptions? Gradients { get; init; }

    /// <summary>
    /// What becomes of the operands of residual sums, sums of two tensors that both follow from the model's input. Default
    /// <see cref="JoinHandling.Unquantized"/>. <see cref="JoinHandling.Quantized"/> has <see cref="Activations"/> quantize them, at
    /// <see cref="JoinBits"/>, and needs the model's graph, as <see cref="QuantizedModel.Graph"/> does.
    /// </summary>
    public JoinHandling Joins { get; init; }

    /// <summary>The fixed width of quantized operands of residual sums: 2 to 8. Default 8.</summary>
    public int JoinBits { get; init; } = 8;

    /// <summary>
    /// Layers that are quantized in a way of their own: the first rule that matches a layer applies to it. A rule that applies to no
    /// layer is an error. Default: none but those for the first and the last layer, see <see cref="AllRules"/>.
    /// </summary>
    public IReadOnlyList<LayerRule> Rules { get; init; } = [];

    /// <summary>
    /// The fixed width of the first layer's weight and input, as a rule behind <see cref="Rules"/>; null for no such rule. Default 8.
    /// </summary>
    public int? FirstLayerBits { get; init; } = 8;

    /// <summary>
    /// The fixed width of the last layer's weight and input, as a rule behind <see cref="Rules"/>; null for no such rule. Default 8.
    /// </summary>
    public int? LastLayerBits { get; init; } = 8;

    /// <summary>
    /// Whether the examples run once more, in training mode, so that layers which run only there, such as an auxiliary head, are quantized,
    /// too. Give examples of several samples then, for batch normalisation. Default false.
    /// </summary>
    public bool TraceTraining { get; init; }

    /// <summary>
    /// How many layers share a weight width. Default <see cref="WidthSharing.Network"/>. A width that its quantizer infers is shared with
    /// no other: where <see cref="Weights"/> infers them, only <see cref="WidthSharing.Layer"/> may be asked for.
    /// </summary>
    public WidthSharing WeightSharing
    {
        get => _weightSharing ?? WidthSharing.Network;
        init => _weightSharing = value;
    }

    /// <summary>
    /// How many layers share an activation width. Default <see cref="WidthSharing.Network"/>. Inferred widths: as with
    /// <see cref="WeightSharing"/>.
    /// </summary>
    public WidthSharing ActivationSharing
    {
        get => _activationSharing ?? WidthSharing.Network;
        init => _activationSharing = value;
    }

    /// <summary>
    /// With <see cref="WidthSharing.Group"/>: name patterns, each a group of layers that share a learned weight width. <c>*</c> stands for
    /// any characters, <c>?</c> for one, <c>|</c> separates alternatives; the first pattern that matches counts, and every layer with a
    /// learned width needs one.
    /// </summary>
    public IReadOnlyList<string> WeightGroups { get; init; } = [];

    /// <summary>The same for activation widths.</summary>
    public IReadOnlyList<string> ActivationGroups { get; init; } = [];

    /// <summary>The rules in the order in which they are tried: <see cref="Rules"/>, then those for the first and the last layer.</summary>
    public IReadOnlyList<LayerRule> AllRules =>
    [
        .. Rules,
        .. FirstLayerBits is { } first ? [LayerRule.First.Fixed(first)] : Array.Empty<LayerRule>(),
        .. LastLayerBits is { } last ? [LayerRule.Last.Fixed(last)] : Array.Empty<LayerRule>(),
    ];

    /// <summary>Checks all choices; called by <see cref="QuantizedModel"/> before anything changes.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed, or contradicts another; the message names it.</exception>
    public virtual void Validate()
    {
        ArgumentNullException.ThrowIfNull(WeightBits);
        ArgumentNullException.ThrowIfNull(ActivationBits);
        ArgumentNullException.ThrowIfNull(Rules);
        ArgumentNullException.ThrowIfNull(Weights);
        ArgumentNullException.ThrowIfNull(Activations);
        Weights.Validate();
        Activations.Validate();
        Gradients?.Validate();
        if (FirstLayerBits is { } first)
        {
            Guard.InRange(first, 1, BitWidth.MaximumBits, nameof(FirstLayerBits));
        }

        if (LastLayerBits is { } last)
        {
            Guard.InRange(last, 1, BitWidth.MaximumBits, nameof(LastLayerBits));
        }

        Guard.Defined(Joins, nameof(Joins));
        Guard.InRange(JoinBits, 2, 8, nameof(JoinBits));
        Guard.Defined(WeightSharing, nameof(WeightSharing));
        Guard.Defined(ActivationSharing, nameof(ActivationSharing));
        ValidateInference(Weights, WeightBits, _weightSharing, nameof(WeightSharing));
        ValidateInference(Activations, ActivationBits, _activationSharing, nameof(ActivationSharing));
        ValidateGroups(WeightSharing, nameof(WeightSharing), WeightGroups, nameof(WeightGroups));
        ValidateGroups(ActivationSharing, nameof(ActivationSharing), ActivationGroups, nameof(ActivationGroups));
        foreach (var rule in Rules)
        {
            ArgumentNullException.ThrowIfNull(rule, nameof(Rules));
            rule.Validate();
        }
    }

    private static void ValidateInference(QuantizerOptions family, BitWidthChoice bits, WidthSharing? sharing, string name)
    {
        if (family.InfersWidth && bits.IsLearned && sharing is not (null or WidthSharing.Layer))
        {
            throw new ArgumentException(
                $"{name} is {sharing}, but {family.GetType().Name} infers widths, each from what one quantizer learns; leave {name} out, "
                + $"or make it {nameof(WidthSharing)}.{nameof(WidthSharing.Layer)}.", name);
        }
    }

    private static void ValidateGroups(WidthSharing granularity, string granularityName, IReadOnlyList<string> groups, string groupsName)
    {
        ArgumentNullException.ThrowIfNull(groups, groupsName);
        if (granularity == WidthSharing.Group && groups.Count == 0)
        {
            throw new ArgumentException(
                $"{granularityName} is Group, but {groupsName} is empty; name patterns are needed there.", groupsName);
        }

        if (granularity != WidthSharing.Group && groups.Count > 0)
        {
            throw new ArgumentException(
                $"{groupsName} has patterns, but {granularityName} is {granularity}; groups need "
                + $"{nameof(WidthSharing)}.{nameof(WidthSharing.Group)}.", groupsName);
        }

        _ = new LayerGroups(groupsName, groups);
    }
}
