using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>The nodes of a model as it comes to be; names are made different.</summary>
internal sealed class ModelDraft
{
    private readonly List<IntegerNode> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IntegerModel Build() => new([.. _nodes]);

    /// <summary>A name that no node has: this one, or with a number behind it.</summary>
    public string Name(string name)
    {
        for (var i = 1; ; i++)
        {
            var tried = i == 1 ? name : FormattableString.Invariant($"{name}.{i}");
            if (_names.Add(tried))
            {
                return tried;
            }
        }
    }

    public T Add<T>(T node)
        where T : IntegerNode
    {
        _nodes.Add(node);
        return node;
    }
}
