namespace AdaQat.Search.Plans;

/// <summary>A plan that notes what it is asked for.</summary>
internal sealed class AskedPlan(IReadOnlyDictionary<string, int> channels) : ChannelPlan([])
{
    private readonly List<KeyValuePair<string, int>> _asked = [];

    /// <summary>The names asked for, each once, in that order, with what the builder takes by default.</summary>
    /// <exception cref="ArgumentException">It asked for one name with two defaults.</exception>
    public IReadOnlyList<KeyValuePair<string, int>> Asked()
    {
        foreach (var name in _asked.Distinct().GroupBy(a => a.Key).Where(g => g.Count() > 1))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The builder asks for '{name.Key}' with the defaults {string.Join(" and ", name.Select(a => a.Value))}; ")
                + "a name has one default. Give each number a name of its own.");
        }

        return [.. _asked.Distinct()];
    }

    private protected override int Answer(string layer, int byDefault)
    {
        _asked.Add(new(layer, byDefault));
        return channels.GetValueOrDefault(layer, byDefault);
    }
}
