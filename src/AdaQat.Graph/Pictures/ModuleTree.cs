namespace AdaQat.Graph;

/// <summary>
/// The frames of a picture: a module that others are in, or that several nodes come from, is one; a node that is alone in its module is in
/// the frame around it.
/// </summary>
internal sealed class ModuleTree
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ModuleTree> _children = [];

    private ModuleTree(string module) => Module = module;

    public string Module { get; }

    public IReadOnlyList<GraphNode> Nodes => _nodes;

    public IReadOnlyList<ModuleTree> Children => _children;

    public static ModuleTree Of(IReadOnlyList<GraphNode> nodes)
    {
        var frames = Frames(nodes);
        var root = new ModuleTree("");
        foreach (var node in nodes)
        {
            var place = root;
            foreach (var module in Around(node.Module).Where(frames.Contains))
            {
                var inner = place._children.Find(child => child.Module == module);
                if (inner is null)
                {
                    inner = new(module);
                    place._children.Add(inner);
                }

                place = inner;
            }

            place._nodes.Add(node);
        }

        return root;
    }

    private static HashSet<string> Frames(IReadOnlyList<GraphNode> nodes)
    {
        var frames = nodes.CountBy(node => node.Module).Where(module => module.Value > 1).Select(module => module.Key).ToHashSet();
        foreach (var module in nodes.Select(node => node.Module).Distinct())
        {
            frames.UnionWith(Around(module).Where(around => around != module));
        }

        return frames;
    }

    /// <summary>The module and those that it is in, the outermost first: layer1, layer1.0, layer1.0.conv1.</summary>
    private static IEnumerable<string> Around(string module) => module.Select((letter, place) => (letter, place))
        .Where(at => at.letter == '.').Select(at => module[..at.place]).Append(module).Where(name => name.Length > 0);
}
