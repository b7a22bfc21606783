using AdaQat.Tracing;

namespace AdaQat.Rules;

/// <summary>Makes widths, one for each set of layers that share one under a granularity.</summary>
internal sealed class SharedWidths
{
    private readonly WidthSharing _granularity;
    private readonly string _kind;
    private readonly IReadOnlyDictionary<TracedLayer, string> _groups;
    private readonly Dictionary<string, BitWidth> _shared = [];

    /// <param name="granularity">How many layers share a width.</param>
    /// <param name="option">The option that holds the groups, for errors.</param>
    /// <param name="groups">Name patterns; empty but with <see cref="WidthSharing.Group"/>.</param>
    /// <param name="learned">The layers whose width is learned.</param>
    /// <param name="kind"><c>weights</c> or <c>activations</c>.</param>
    /// <param name="joinOf">The join to which a layer belongs, with <see cref="WidthSharing.Join"/>.</param>
    public SharedWidths(
        WidthSharing granularity, string option, IReadOnlyList<string> groups, IReadOnlyList<TracedLayer> learned, string kind,
        Func<TracedLayer, string> joinOf)
    {
        (_granularity, _kind) = (granularity, kind);
        _groups = granularity switch
        {
            WidthSharing.Group => new LayerGroups(option, groups).Assign(learned),
            WidthSharing.Join => learned.ToDictionary<TracedLayer, TracedLayer, string>(
                layer => layer, joinOf, ReferenceEqualityComparer.Instance),
            _ => new Dictionary<TracedLayer, string>(ReferenceEqualityComparer.Instance),
        };
    }

    /// <summary>
    /// The width of a layer. Layers whose range is a rule's own share with no layer outside that rule, and inferred widths with none.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="choice">Whether its width is learned, and in which range.</param>
    /// <param name="rule">The rule that says so, or null for the scheme.</param>
    public BitWidth WidthOf(TracedLayer layer, BitWidthChoice choice, string? rule)
    {
        if (!choice.IsLearned || choice.IsInferred || _granularity == WidthSharing.Layer)
        {
            return choice.Create($"{layer.Layer.Name}.{_kind}");
        }

        var scope = (_groups.GetValueOrDefault(layer), rule) switch
        {
            (null, null) => "",
            ({ } group, null) => $"{group}.",
            (null, { } of) => $"{of}.",
            ({ } group, { } of) => $"{group}.{of}.",
        };
        if (!_shared.TryGetValue(scope, out var width))
        {
            _shared.Add(scope, width = choice.Create(scope + _kind));
        }

        return width;
    }
}
