namespace AdaQat.Attaching;

/// <summary>Which width each layer's weight and input gets.</summary>
internal sealed class WidthPlan
{
    private readonly QuantizationScheme _scheme;
    private readonly TracedLayer _first;
    private readonly TracedLayer _last;
    private readonly Lazy<BitWidth> _weights;
    private readonly Lazy<BitWidth> _activations;
    private readonly Dictionary<int, BitWidth> _byInput = [];

    public WidthPlan(QuantizationScheme scheme, IReadOnlyList<TracedLayer> called)
    {
        _scheme = scheme;
        (_first, _last) = (called[0], called[^1]);
        _weights = new Lazy<BitWidth>(() => scheme.WeightBits.Create("weights"));
        _activations = new Lazy<BitWidth>(() => scheme.ActivationBits.Create("activations"));
    }

    public BitWidth WeightWidth(TracedLayer layer)
    {
        var name = $"{layer.Layer.Name}.weights";
        if (FixedBits(layer) is { } bits)
        {
            return BitWidth.Fixed(name, bits);
        }

        return _scheme.WeightGranularity == Granularity.Network ? _weights.Value : _scheme.WeightBits.Create(name);
    }

    /// <summary>Layers that read the same tensor get the width of the one that reads it first.</summary>
    public BitWidth ActivationWidth(TracedLayer layer)
    {
        if (!_byInput.TryGetValue(layer.Input, out var width))
        {
            var name = $"{layer.Layer.Name}.activations";
            width = FixedBits(layer) is { } bits ? BitWidth.Fixed(name, bits)
                : _scheme.ActivationGranularity == Granularity.Network ? _activations.Value
                : _scheme.ActivationBits.Create(name);
            _byInput.Add(layer.Input, width);
        }

        return width;
    }

    private int? FixedBits(TracedLayer layer) =>
        ReferenceEquals(layer, _first) ? _scheme.FirstLayerBits
        : ReferenceEquals(layer, _last) ? _scheme.LastLayerBits
        : null;
}
