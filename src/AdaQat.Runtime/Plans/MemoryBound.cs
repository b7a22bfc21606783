using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>How many bytes it takes to run nodes, from their sizes alone, so that it is known before any is allocated.</summary>
internal static class MemoryBound
{
    // Objects of a node, of a group of a layer.
    private const long Objects = 4096;
    private const long GroupObjects = 1024;

    // A block of elements that are copied together: three numbers, in lists that double.
    private const long Block = 36;

    /// <summary>
    /// What it takes at most to prepare nodes for a processor: weights in the kernels' order, where elements lie, rules; constants of
    /// islands.
    /// </summary>
    public static Int128 OfPlan(IReadOnlyList<IntegerNode> nodes)
    {
        Int128 sum = 0;
        foreach (var node in nodes)
        {
            sum += Objects + Of(node);
        }

        return sum;
    }

    /// <summary>
    /// What an image takes at least: the caller's numbers, and the largest value. Integers may become codes before they are kept.
    /// </summary>
    public static Int128 LeastOfImage(IReadOnlyList<IntegerNode> nodes)
    {
        Int128 borders = 0, largest = 0;
        foreach (var node in nodes.Where(node => node.Type is not Integers))
        {
            var bytes = (Int128)node.Shape.ElementCount * node.Type.Bytes;
            largest = Int128.Max(largest, bytes);
            borders += node is InputNode or OutputNode ? bytes : 0;
        }

        return borders + largest;
    }

    private static Int128 Of(IntegerNode node) => node switch
    {
        LinearNode { Weights: var weights } => Layer(node, weights, 1, 1),
        ConvolutionNode { Weights: var weights } layer => Layer(node, weights, layer.Window.Taps, layer.Groups),
        TransposedConvolutionNode { Weights: var weights } layer => Layer(node, weights, layer.Window.Taps, layer.Groups),
        RequantizeNode or RescaleNode or DequantizeNode => 64 * (Channels(node) + 16),
        AddNode or MultiplyNode => Operands(node),
        LookupNode { Table.Length: var numbers } => 4 * numbers,
        ConcatNode concat => concat.Inputs.Aggregate((Int128)0, (sum, input) => sum + (Block * Blocks(input, concat.Axis))),
        SliceNode slice => Block * Blocks(node, slice.Axis + (slice.Step == 1 ? 0 : 1)),
        PadNode => Block * Blocks(node.Inputs[0], node.Shape.Rank - 1),
        UpsampleNode upsample => Block * Blocks(node, upsample.Factors.Count),
        PermuteNode permute => Block * Blocks(node, permute.Axes.Count == 0 || permute.Axes[^1] != permute.Axes.Count - 1
            ? permute.Axes.Count : permute.Axes.Count - 1),
        IslandNode island => Island(island),
        _ => 0,
    };

    private static long Channels(IntegerNode node) => node.Shape.Rank == 0 ? 1 : node.Shape[node.Shape.Rank - 1];

    private static Int128 Layer(IntegerNode node, IntegerWeights weights, long taps, long groups)
    {
        var (channels, outputs) = (Channels(node.Inputs[0]), Channels(node));
        var pixels = (Int128)(node.Shape.ElementCount / outputs);
        var perTap = 8 * (pixels + outputs + 16);
        if (groups == channels && groups == outputs)
        {
            return perTap + (taps * (8 + (8 * (Int128)(channels + 32))));
        }

        // A group's weights are filled up to four inputs and 16 outputs.
        var quads = (Int128)taps * ((weights.PerOutput / taps / 4) + 1);
        var blocks = (outputs / groups / 16) + 1;
        return perTap + (groups * (GroupObjects + (64 * quads * blocks) + (512 * blocks) + (64 * taps) + (16 * quads)));
    }

    /// <summary>Operands of other shapes than the result have a place for each of its pixels.</summary>
    private static Int128 Operands(IntegerNode node) => node.Inputs.Aggregate((Int128)0, (sum, input) =>
        sum + (input.Shape.ElementCount == node.Shape.ElementCount ? 0 : 8 * (node.Shape.ElementCount / Channels(node))));

    /// <summary>In how many blocks elements lie that are neighbours from an axis on.</summary>
    private static Int128 Blocks(IntegerNode node, int axis)
    {
        Int128 blocks = 1;
        for (var i = 0; i < Math.Min(axis, node.Shape.Rank); i++)
        {
            blocks *= node.Shape[i];
        }

        return blocks;
    }

    /// <summary>Objects of each node, and constants as numbers of 64 bits, which are made of others of 32.</summary>
    private static Int128 Island(IslandNode island) => island.Graph.Nodes.Aggregate((Int128)0, (sum, node) =>
        sum + GroupObjects + (node.Operator is ConstantOperator constant ? 12 * constant.Value.Shape.ElementCount : 0));
}
