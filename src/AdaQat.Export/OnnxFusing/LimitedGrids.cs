using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// A graph of the same network in which rectifiers and clamps before quantizers are limits of the quantizers' codes: rounding to a grid
/// keeps the order of numbers, so that the code of min(max(x, a), b) is the code of x between those of a and b.
/// </summary>
/// <remarks>
/// What limits is then not in the way of programs that look for a layer, or a sum, with a quantizer right behind it: not where two
/// quantizers read one rectifier, nor where the grid has a sign, nor where a clamp ends within the grid.
/// </remarks>
internal static class LimitedGrids
{
    public static ModelGraph Of(ModelGraph graph)
    {
        var nodes = graph.Nodes.Select(node => node.Operator is QuantizeOperator { Axis: null } grid && ByteQuantizer.Fits(grid)
            ? Limited(graph, node, grid) : node).ToList();
        var read = Read(nodes);
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            // A limit that only quantizers read is gone, and so is one that only that one read.
            if (Limits(nodes[i].Operator) && !read.Contains(nodes[i].Output.Id))
            {
                nodes.RemoveAt(i);
                read = Read(nodes);
            }
        }

        return new(graph.Name, nodes);
    }

    private static HashSet<int> Read(List<GraphNode> nodes) => [.. nodes.SelectMany(node => node.Inputs).Select(value => value.Id)];

    private static bool Limits(GraphOperator operation) => operation is ReluOperator or ClampOperator;

    private static GraphNode Limited(ModelGraph graph, GraphNode node, QuantizeOperator grid)
    {
        var (value, lowest, highest) = (node.Inputs[0], grid.LowestCode, grid.HighestCode);
        for (var before = graph.Producer(value); Limits(before.Operator); before = graph.Producer(value))
        {
            var (least, most) = before.Operator is ClampOperator clamp ? (clamp.Minimum, clamp.Maximum) : (0, null);

            // What comes earlier is limited again by what is known so far.
            (lowest, highest) = (Math.Clamp(Code(least, lowest), lowest, highest), Math.Clamp(Code(most, highest), lowest, highest));
            value = before.Inputs[0];
        }

        var limited = new QuantizeOperator(grid.Scales[0], grid.Offsets[0], lowest, highest);
        return ByteQuantizer.Fits(limited) ? node with { Operator = limited, Inputs = [value] } : node;

        long Code(double? limit, long none)
        {
            var place = (limit / grid.Scales[0]) - grid.Offsets[0];
            return place is { } known ? (long)Math.Clamp(Math.Round(known, MidpointRounding.ToEven), -byte.MaxValue, byte.MaxValue) : none;
        }
    }
}
