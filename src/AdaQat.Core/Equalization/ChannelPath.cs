using AdaQat.Corrections;
using AdaQat.Graph;

namespace AdaQat.Equalization;

/// <summary>The way of a layer's output channels to the one layer that reads them.</summary>
/// <param name="Norm">The batch normalisation on the way; null where there is none.</param>
/// <param name="Second">The layer at its end.</param>
/// <param name="Block">How many neighbouring inputs of that layer are of one channel: more than 1 behind a flattening.</param>
internal sealed record ChannelPath(GraphNode? Norm, GraphNode Second, int Block)
{
    /// <summary>The way; null, with the reason, where channels can't be scaled along it.</summary>
    public static ChannelPath? From(CorrectedNetwork network, GraphNode first, out string reason)
    {
        var (node, norm) = (first, default(GraphNode));
        var axis = first.Operator is LinearOperator ? first.Output.Shape.Rank - 1 : 1;
        var block = 1;
        while (true)
        {
            var readers = network.Readers(node);
            if (readers.Count != 1)
            {
                reason = $"what '{node.Name}' makes goes to {string.Join(" and ", readers.Select(reader => $"'{reader.Name}'"))}";
                return null;
            }

            var (before, reader) = (node.Output.Shape, readers[0]);
            if (CorrectedNetwork.IsLayer(reader))
            {
                return End(before, reader, norm, axis, block, out reason);
            }

            if (reader.Operator is BatchNormOperator && ReferenceEquals(node, first) && axis == 1)
            {
                norm = reader;
            }
            else if (reader.Operator is ReshapeOperator && axis == 1 && BlockAfter(before, reader.Output.Shape) is { } size)
            {
                block *= size;
            }
            else if (!PassesChannels(reader, axis))
            {
                reason = $"'{reader.Name}' ({reader.Operator.Name}) follows, "
                    + (reader.Operator is OutputOperator ? "which the network returns" : "through which a channel can't be scaled");
                return null;
            }

            node = reader;
        }
    }

    private static ChannelPath? End(Shape input, GraphNode layer, GraphNode? norm, int axis, int block, out string reason)
    {
        var readAxis = layer.Operator is LinearOperator ? input.Rank - 1 : 1;
        reason = axis == readAxis ? "" : $"'{layer.Name}' ({layer.Operator.Name}) reads another axis than that of the channels";
        return axis == readAxis ? new ChannelPath(norm, layer, block) : null;
    }

    /// <summary>Whether f(s·x) = s·f(x) for any s &gt; 0 in each channel, and channels stay where they are.</summary>
    private static bool PassesChannels(GraphNode node, int axis) => node.Operator switch
    {
        ReluOperator or PReluOperator or ActivationOperator { Function: ActivationFunction.LeakyRelu } => true,
        ClampOperator { Minimum: null or 0, Maximum: null } => true,
        PoolOperator or AdaptivePoolOperator => axis == 1,
        PadOperator pad => (pad.Mode != PadMode.Constant || pad.Value == 0) && pad.Before[axis] == 0 && pad.After[axis] == 0,
        ReduceOperator { Reduction: Reduction.Mean or Reduction.Sum or Reduction.Max } reduce =>
            reduce.ReducedAxes.All(reduced => Positive(reduced, node) > axis),
        _ => false,
    };

    /// <summary>By how much a reshape lengthens the block of a channel in axis 1; null where channels don't stay in order there.</summary>
    private static int? BlockAfter(Shape before, Shape after)
    {
        if (after.Rank < 2 || before.Rank < 2 || before[0] != after[0])
        {
            return null;
        }

        var inside = before.Skip(2).Aggregate(1L, (product, size) => product * size);
        return after[1] == before[1] ? 1
            : after.Rank == 2 && after[1] == before[1] * inside ? (int)inside
            : null;
    }

    private static long Positive(long axis, GraphNode node) => axis < 0 ? axis + node.Inputs[0].Shape.Rank : axis;
}
