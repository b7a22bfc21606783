using AdaQat.Tracing;

namespace AdaQat.Rules;

/// <summary>Which rule of a scheme applies to which layer: the first that matches.</summary>
internal sealed class RuleBook
{
    private readonly IReadOnlyList<LayerRule> _rules;
    private readonly Dictionary<TracedLayer, int> _applied = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TracedLayer, LayerFacts> _facts = new(ReferenceEqualityComparer.Instance);

    /// <param name="scheme">The rules.</param>
    /// <param name="called">The layers that the model calls, in order.</param>
    /// <param name="direct">Those that it computes with without calling them.</param>
    /// <exception cref="ArgumentException">One of the user's rules applies to no layer; the message lists the layers.</exception>
    public RuleBook(QuantizationScheme scheme, IReadOnlyList<TracedLayer> called, IReadOnlyList<TracedLayer> direct)
    {
        _rules = scheme.AllRules;
        IReadOnlyList<TracedLayer> layers = [.. called, .. direct];
        var facts = layers.Select((layer, i) => layer.Facts(i < called.Count ? i : -1, called.Count)).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            _facts.Add(layers[i], facts[i]);
            for (var rule = 0; rule < _rules.Count; rule++)
            {
                if (_rules[rule].Matches(facts[i]))
                {
                    _applied.Add(layers[i], rule);
                    break;
                }
            }
        }

        // The defaults behind the user's rules may be overruled, as rules for the first layer are meant to.
        for (var rule = 0; rule < scheme.Rules.Count; rule++)
        {
            if (!_applied.ContainsValue(rule))
            {
                throw Unused(_rules[rule], facts);
            }
        }
    }

    /// <summary>The rule that applies, or null where the scheme's own choices hold.</summary>
    public LayerRule? RuleFor(TracedLayer layer) => _applied.TryGetValue(layer, out var rule) ? _rules[rule] : null;

    /// <summary>What rules and quantizers may ask of the layer.</summary>
    public LayerFacts FactsOf(TracedLayer layer) => _facts[layer];

    /// <summary>The place of that rule in the list; behind all where there is none.</summary>
    public int RankOf(TracedLayer layer) => _applied.GetValueOrDefault(layer, _rules.Count);

    private static ArgumentException Unused(LayerRule rule, IReadOnlyList<LayerFacts> layers)
    {
        var shadowed = layers.Where(rule.Matches).Select(layer => $"'{layer.Name}'").ToList();
        var why = shadowed.Count == 0 ? "matches no layer" : $"is never used: earlier rules take {string.Join(", ", shadowed)}";
        return new ArgumentException($"Rule '{rule.Name}' {why}. {LayerNames.List(layers.Select(layer => layer.Name))}");
    }
}
