using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A network in integers of 1 to 8 bits: nodes in the order in which they are computed. It is checked when it is made, and never changes;
/// threads may run it at once, each with a context of its own.
/// </summary>
public sealed class IntegerModel
{
    /// <summary>A model of these nodes.</summary>
    /// <param name="nodes">In their order: each reads nodes before it. Names differ. There are an input and an output at least.</param>
    /// <exception cref="IntegerModelException">The nodes are not as said.</exception>
    public IntegerModel(EquatableList<IntegerNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var (known, names) = (new HashSet<IntegerNode>(ReferenceEqualityComparer.Instance), new HashSet<string>(StringComparer.Ordinal));
        foreach (var node in nodes)
        {
            ArgumentNullException.ThrowIfNull(node, nameof(nodes));
            foreach (var input in node.Inputs)
            {
                if (!known.Contains(input))
                {
                    throw new IntegerModelException(node.Name, $"it reads '{input.Name}', which is not before it in the model.");
                }
            }

            if (!known.Add(node) || !names.Add(node.Name))
            {
                throw new IntegerModelException(node.Name, "it is in the model twice, or another node has its name.");
            }
        }

        Nodes = nodes;
        Inputs = [.. nodes.OfType<InputNode>()];
        Outputs = [.. nodes.OfType<OutputNode>()];
        if (Inputs.Count == 0 || Outputs.Count == 0)
        {
            throw new IntegerModelException($"A model has {Inputs.Count} inputs and {Outputs.Count} outputs; it needs one of each.");
        }
    }

    /// <summary>All nodes, in the order in which they are computed.</summary>
    public EquatableList<IntegerNode> Nodes { get; }

    /// <summary>What a caller gives, in the nodes' order.</summary>
    public EquatableList<InputNode> Inputs { get; }

    /// <summary>What a caller gets, in the nodes' order.</summary>
    public EquatableList<OutputNode> Outputs { get; }

    /// <summary>Multiplications of a weight and an activation for one image.</summary>
    public long Macs => Nodes.Sum(node => node.Macs);

    /// <summary>Those, times the bits of weights and of activations.</summary>
    public long BitOps => Nodes.Sum(node => node.BitOps);
}
