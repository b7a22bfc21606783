using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>The nodes and constants of a model while they are put together; each name is given once.</summary>
internal sealed class ModelParts
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _constants = [];
    private (int Opset, string Why) _needed = (OnnxOptions.LowestOpset, "");

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyList<OnnxTensor> Constants => _constants;

    /// <summary>By quantizer, the value that has its codes, its type, and what is added to each code.</summary>
    public Dictionary<string, (string Value, OnnxElement Type, long Shift)> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>The lowest version of the operators that has all of them, and who needs it.</summary>
    public (int Opset, string Why) Needed => _needed;

    /// <summary>Notes that a version of the operators is needed.</summary>
    public void Needs(int opset, string why) => _needed = opset > _needed.Opset ? (opset, why) : _needed;

    /// <summary>A name that nothing has: the wanted one, or one with a number behind it.</summary>
    public string Unique(string wanted)
    {
        var name = wanted;
        for (var number = 2; !_names.Add(name); number++)
        {
            name = $"{wanted}_{number}";
        }

        return name;
    }

    public string Add(OnnxTensor constant)
    {
        _constants.Add(constant);
        return constant.Name;
    }

    public void Add(OnnxNode node) => _nodes.Add(node);

    /// <summary>Gives values that nodes from a place on make other names.</summary>
    public void Rename(int from, IReadOnlyDictionary<string, string> names)
    {
        for (var place = from; place < _nodes.Count; place++)
        {
            var node = _nodes[place];
            _nodes[place] = node with { Inputs = Renamed(node.Inputs), Outputs = Renamed(node.Outputs) };
        }

        EquatableList<string> Renamed(EquatableList<string> values) => [.. values.Select(value => names.GetValueOrDefault(value, value))];
    }
}
