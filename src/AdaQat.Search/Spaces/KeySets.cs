using TorchSharp;
using TorchSharp.Modules;

namespace AdaQat.Search.Spaces;

/// <summary>The names that a builder asks for, put together where they must agree, and set aside where they cannot vary.</summary>
internal sealed class KeySets
{
    private readonly IReadOnlyList<KeyValuePair<string, int>> _asked;
    private readonly IReadOnlyDictionary<string, SizeRule[]> _rules;
    private readonly Dictionary<string, string> _leader;
    private readonly Dictionary<string, string> _kept;

    public KeySets(IReadOnlyList<KeyValuePair<string, int>> asked, ShapeProbe probe)
    {
        (_asked, _rules) = (asked, probe.Rules);
        _leader = asked.ToDictionary(a => a.Key, a => a.Key, StringComparer.Ordinal);
        _kept = probe.Unfit.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names that stay at their default, and why.</summary>
    public IReadOnlyDictionary<string, string> Kept => _kept;

    /// <summary>The name that the outputs of a layer follow from; null for none.</summary>
    public string? OfOutput(string layer, IReadOnlyDictionary<string, torch.nn.Module> modules) =>
        _rules.TryGetValue($"{layer}.weight", out var weight) && modules.TryGetValue(layer, out var module)
            ? weight[module is Convolution { transposed: true } ? 1 : 0].Key
            : null;

    public bool IsVarying(string? key) => key is not null && !_kept.ContainsKey(key);

    /// <summary>Sets aside what modules follow from that cannot compute with a part of their parameters.</summary>
    public void Refuse(IReadOnlyDictionary<string, torch.nn.Module> modules)
    {
        foreach (var (name, rules) in _rules)
        {
            var module = ModelShapes.ModuleOf(name);
            if (modules.GetValueOrDefault(module) is Convolution or Linear or BatchNorm)
            {
                continue;
            }

            foreach (var key in rules.Select(rule => rule.Key).OfType<string>())
            {
                var kind = modules.TryGetValue(module, out var other) ? $"a {other.GetType().Name}" : "the model itself";
                _kept.TryAdd(key, $"'{name}' follows from it, which is of {kind}: only convolutions, linear layers and batch "
                    + "normalisations can compute with a part of their channels");
            }
        }
    }

    /// <summary>Puts together what meets, and sets aside what cannot vary.</summary>
    /// <exception cref="ArgumentException">Layers that meet have different defaults.</exception>
    public void Join(OutputJoins joins, IReadOnlyDictionary<string, torch.nn.Module> modules)
    {
        foreach (var (layers, where) in joins.Sets)
        {
            var keys = layers.Select(layer => (Layer: layer, Key: OfOutput(layer, modules))).ToList();
            if (keys.Find(k => k.Key is null) is { Layer: not null } constant)
            {
                keys.ForEach(k => Keep(
                    k.Key, $"its output meets that of '{constant.Layer}' in '{where}', whose channels follow from no name"));
            }

            var named = keys.Select(k => k.Key).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            named.ForEach(key => Unite(named[0], key, where));
        }

        foreach (var (layer, reason) in joins.Unfit)
        {
            Keep(OfOutput(layer, modules), reason);
        }

        foreach (var (key, _) in _asked.Where(asked => !_kept.ContainsKey(asked.Key)).ToList())
        {
            if (!modules.Keys.Any(layer => OfOutput(layer, modules) == key))
            {
                _kept[key] = "no output of a layer follows from it";
            }
        }
    }

    /// <summary>The sets of which no name is set aside.</summary>
    public IReadOnlyList<ChannelGroup> Groups(IReadOnlyDictionary<string, torch.nn.Module> modules)
    {
        var groups = new List<ChannelGroup>();
        foreach (var set in _asked.GroupBy(asked => LeaderOf(asked.Key)))
        {
            if (set.FirstOrDefault(asked => _kept.ContainsKey(asked.Key)) is { Key: { } kept })
            {
                foreach (var (key, _) in set)
                {
                    _kept.TryAdd(key, $"it must agree with '{kept}': {_kept[kept]}");
                }

                continue;
            }

            var names = set.Select(asked => asked.Key).ToHashSet(StringComparer.Ordinal);
            groups.Add(new ChannelGroup(
                [.. set.Select(asked => asked.Key)], set.First().Value,
                [.. _rules.Values.SelectMany(rules => rules).Where(rule => rule.Key is { } key && names.Contains(key)).Distinct()])
            {
                Divisors = [.. Divisors(names, modules)],
            });
        }

        return groups;
    }

    /// <summary>Groups of convolutions that do not follow from the channels have to divide them.</summary>
    private IEnumerable<(SizeRule Rule, long Divisor)> Divisors(
        HashSet<string> names, IReadOnlyDictionary<string, torch.nn.Module> modules)
    {
        foreach (var (name, module) in modules)
        {
            if (module is Convolution { groups: > 1 } convolution && _rules[name + ModelShapes.Groups][0].Key is null)
            {
                // Of the other axis the weight has a part for each group, which has to be whole: its rule says so.
                var whole = _rules[$"{name}.weight"][0];
                if (whole.Key is { } key && names.Contains(key))
                {
                    yield return (whole, convolution.groups);
                }
            }
        }
    }

    private void Keep(string? key, string reason)
    {
        if (key is not null)
        {
            _kept.TryAdd(key, reason);
        }
    }

    private void Unite(string first, string second, string where)
    {
        var (one, other) = (_asked.First(a => a.Key == first), _asked.First(a => a.Key == second));
        if (one.Value != other.Value)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"'{first}' has {one.Value} channels by default and '{second}' {other.Value}, and their outputs meet in '{where}': ")
                + "give both the same default.");
        }

        var (keep, give) = (LeaderOf(first), LeaderOf(second));
        foreach (var key in _leader.Where(l => l.Value == give).Select(l => l.Key).ToList())
        {
            _leader[key] = keep;
        }
    }

    private string LeaderOf(string key) => _leader[key];
}
