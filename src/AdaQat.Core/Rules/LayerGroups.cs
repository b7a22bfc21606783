using AdaQat.Tracing;

namespace AdaQat.Rules;

/// <summary>The groups of layers that share a learned width: the first pattern that matches a layer's name is its group.</summary>
internal sealed class LayerGroups
{
    private readonly string _option;
    private readonly List<NamePattern> _patterns;

    /// <param name="option">The option that holds the patterns, for errors.</param>
    /// <param name="patterns">Name patterns.</param>
    public LayerGroups(string option, IReadOnlyList<string> patterns)
    {
        _option = option;
        _patterns = patterns.Select(pattern => new NamePattern(pattern, option)).ToList();
    }

    /// <summary>The group of each layer whose width is learned.</summary>
    /// <exception cref="ArgumentException">A layer is in no group, or a group has no layer; the message lists the layers.</exception>
    public IReadOnlyDictionary<TracedLayer, string> Assign(IReadOnlyList<TracedLayer> learned)
    {
        var groups = new Dictionary<TracedLayer, string>(ReferenceEqualityComparer.Instance);
        foreach (var layer in learned)
        {
            var group = _patterns.Find(pattern => pattern.Matches(layer.Layer.Name))
                ?? throw Error(
                    $"{_option} has no pattern for layer '{layer.Layer.Name}', whose width is learned; a last pattern '*' takes all "
                    + "that are left", learned);
            groups.Add(layer, group.Text);
        }

        return _patterns.Find(pattern => !groups.ContainsValue(pattern.Text)) is { } unused
            ? throw Error($"{_option}: the pattern '{unused.Text}' is the first match of no layer whose width is learned", learned)
            : groups;
    }

    private ArgumentException Error(string what, IReadOnlyList<TracedLayer> learned) =>
        new($"{what}. {LayerNames.List(learned.Select(layer => layer.Layer.Name))}", _option);
}
