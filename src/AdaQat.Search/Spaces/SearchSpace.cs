using AdaQat.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>What can vary in a network: its groups of channels, and what follows from each.</summary>
internal sealed class SearchSpace
{
    private readonly NetworkBuilder _builder;
    private readonly Dictionary<string, ChannelGroup> _groupOf;
    private readonly IReadOnlyDictionary<string, SizeRule[]> _rules;

    private SearchSpace(
        NetworkBuilder builder, IReadOnlyList<ChannelGroup> groups, IReadOnlyDictionary<string, string> kept,
        IReadOnlyDictionary<string, SizeRule[]> rules)
    {
        (_builder, Groups, Kept, _rules) = (builder, groups, kept, rules);
        _groupOf = groups.SelectMany(g => g.Keys.Select(key => (key, g))).ToDictionary(g => g.key, g => g.g, StringComparer.Ordinal);
    }

    /// <summary>The groups that can vary, in the order in which the builder asks for them.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>The names that stay at their default, and why.</summary>
    public IReadOnlyDictionary<string, string> Kept { get; }

    /// <summary>The modules at whose output candidates are mixed: layers without batch normalisation of their own.</summary>
    public required IReadOnlySet<string> Mixing { get; init; }

    /// <summary>The modules of layers and batch normalisations that something of follows from a group.</summary>
    public required IReadOnlySet<string> Narrowed { get; init; }

    /// <summary>What the network costs by its groups' channels.</summary>
    public required NetworkCosts Costs { get; init; }

    /// <exception cref="ArgumentException">
    /// The builder asks for nothing, ignores what it is told, or has layers that meet with different defaults.
    /// </exception>
    public static SearchSpace Of(NetworkBuilder builder, Tensor example)
    {
        var probe = new ShapeProbe(builder);
        using var random = new KeptRandom();
        using var model = builder.Build(new Dictionary<string, int>());
        using var here = example.cpu();
        var graph = ModelCapture.Sketch(model, here);
        var modules = model.named_modules().ToDictionary(m => m.name, m => m.module, StringComparer.Ordinal);
        var keys = new KeySets(builder.Asked, probe);
        keys.Refuse(modules);
        keys.Join(new OutputJoins(graph), modules);
        var groups = keys.Groups(modules);
        var varying = groups.SelectMany(g => g.Keys).ToHashSet(StringComparer.Ordinal);
        bool Varies(SizeRule rule) => rule.Key is { } key && varying.Contains(key);
        return new SearchSpace(builder, groups, keys.Kept, probe.Rules)
        {
            Mixing = MixingLayers(graph, modules, keys).ToHashSet(StringComparer.Ordinal),
            Narrowed = probe.Rules.Where(r => r.Value.Any(Varies)).Select(r => ModelShapes.ModuleOf(r.Key))
                .ToHashSet(StringComparer.Ordinal),
            Costs = NetworkCosts.Of(graph, model, probe.Rules, groups),
        };
    }

    /// <summary>The rules of the sizes of a parameter, buffer or number of groups.</summary>
    public SizeRule[] RulesOf(string name) => _rules[name];

    /// <summary>Whether the model has a parameter, buffer or number of groups of that name.</summary>
    public bool Has(string name) => _rules.ContainsKey(name);

    /// <summary>The group that a size follows from; null where it is always the same.</summary>
    public ChannelGroup? GroupOf(SizeRule rule) => rule.Key is { } key ? _groupOf.GetValueOrDefault(key) : null;

    /// <summary>A shape, given each group's channels.</summary>
    public long[] ShapeOf(string name, Func<ChannelGroup, int> channels) => Array.ConvertAll(
        _rules[name], rule => GroupOf(rule) is { } group ? rule.At(channels(group)) : rule.At(rule.Default));

    /// <summary>The names that the builder asks for, with their defaults.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Asked => _builder.Asked;

    /// <summary>Builds the network with so many channels of each group, in their order.</summary>
    /// <exception cref="ArgumentException">A size of it is not in proportion to its channels.</exception>
    public nn.Module<Tensor, Tensor> Build(IReadOnlyList<int> channels)
    {
        var byName = Groups.Zip(channels).ToDictionary(g => g.First.Name, g => g.Second, StringComparer.Ordinal);
        var model = _builder.Build(Groups.SelectMany(g => g.Keys.Select(key => (key, byName[g.Name])))
            .ToDictionary(k => k.key, k => k.Item2, StringComparer.Ordinal));
        try
        {
            SizeProof.Require(this, model, group => byName[group.Name]);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The plan of so many channels, all names in the order in which the builder asks.</summary>
    public ChannelPlan Plan(Func<ChannelGroup, (int Channels, ChannelOrigin Origin, string? Note)> choice) => new(
        _builder.Asked.Select(asked =>
        {
            if (!_groupOf.TryGetValue(asked.Key, out var group))
            {
                return new PlannedChannels(asked.Key, asked.Value, asked.Value, ChannelOrigin.Kept, Kept[asked.Key]);
            }

            var (channels, origin, note) = choice(group);
            return new PlannedChannels(
                asked.Key, channels, asked.Value, origin, asked.Key == group.Name ? note : $"as '{group.Name}', with which it must agree");
        }));

    private static IEnumerable<string> MixingLayers(
        ModelGraph graph, Dictionary<string, nn.Module> modules, KeySets keys) =>
        graph.Nodes.Where(node => OutputJoins.IsLayer(node) && keys.IsVarying(keys.OfOutput(node.Module, modules)))
            .Where(node => graph.Consumers(node.Output).Any(n => n.Operator is not BatchNormOperator))
            .Select(node => node.Module);
}
