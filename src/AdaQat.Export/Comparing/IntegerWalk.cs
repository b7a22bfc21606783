using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// The integer network by its formulas, one image after the other. Where it has a quantizer's codes, they are shown, and what is then
/// stored there is what is computed with.
/// </summary>
internal sealed class IntegerWalk(IntegerModel model, LoweredModel lowered)
{
    private readonly Dictionary<string, List<string>> _quantizers = lowered.Codes.GroupBy(pair => pair.Value.Node, pair => pair.Key)
        .ToDictionary(group => group.Key, group => group.ToList());

    /// <summary>One image.</summary>
    /// <param name="image">The input's floats, as a caller gives them.</param>
    /// <param name="watcher">Gets each quantizer's name, and its codes, which it may overwrite.</param>
    public void Run(float[] image, Action<string, ReferenceTensor> watcher)
    {
        var values = new Dictionary<IntegerNode, ReferenceTensor>(ReferenceEqualityComparer.Instance);
        foreach (var node in model.Nodes)
        {
            var value = new ReferenceTensor(node.Shape, node.Type);
            if (node is InputNode input)
            {
                IntegerInterpreter.Give(input, image, value);
            }
            else
            {
                node.Compute([.. node.Inputs.Select(each => values[each])], value);
            }

            foreach (var quantizer in _quantizers.GetValueOrDefault(node.Name) ?? [])
            {
                watcher(quantizer, value);
            }

            values.Add(node, value);
        }
    }
}
