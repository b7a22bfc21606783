using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// The names of a graph's values in a model. What is known before the graph runs, a constant or a weight behind its quantizer, is written
/// when it is first read, the way in which it is read.
/// </summary>
internal sealed class ValueNames(ModelGraph graph, ModelParts parts, IStoredValues stored)
{
    private readonly Dictionary<int, string> _names = [];
    private readonly Dictionary<int, string> _transposed = [];

    public string Of(GraphValue value)
    {
        if (!_names.TryGetValue(value.Id, out var name))
        {
            name = _names[value.Id] = stored.Write(graph, value, transposed: false, parts);
        }

        return name;
    }

    /// <summary>A matrix that is stored, the other way round; null for one that is computed.</summary>
    public string? Transposed(GraphValue value)
    {
        if (!stored.Holds(graph, value))
        {
            return null;
        }

        if (!_transposed.TryGetValue(value.Id, out var name))
        {
            name = _transposed[value.Id] = stored.Write(graph, value, transposed: true, parts);
        }

        return name;
    }

    public void Set(GraphValue value, string name) => _names[value.Id] = name;
}
