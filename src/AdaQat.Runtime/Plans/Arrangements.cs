using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Which element goes where, for nodes that only arrange: one list for each input. Elements of the last axes that stay together are looked
/// at once, so that a large value is planned as fast as it has blocks.
/// </summary>
internal static class Arrangements
{
    public static Copies[] Of(IntegerNode node) => node switch
    {
        ConcatNode concat => Concat(concat),
        PadNode pad => [To(pad.Inputs[0].Shape, Padded(pad), index => Place(index, pad.Shape, pad.Before))],
        SliceNode slice => [From(slice.Shape, slice.Step == 1 ? slice.Axis : slice.Axis + 1, index =>
        {
            index[slice.Axis] = slice.Start + (index[slice.Axis] * slice.Step);
            return Place(index, slice.Inputs[0].Shape, null);
        })],
        UpsampleNode upsample => [From(upsample.Shape, upsample.Factors.Count, index =>
        {
            for (var axis = 0; axis < upsample.Factors.Count; axis++)
            {
                index[axis] /= upsample.Factors[axis];
            }

            return Place(index, upsample.Inputs[0].Shape, null);
        })],
        PermuteNode permute => [Permuted(permute)],
        _ => throw new ArgumentException($"'{node.Name}' arranges nothing.", nameof(node)),
    };

    private static Copies[] Concat(ConcatNode node)
    {
        var before = new long[node.Shape.Rank];
        return [.. node.Inputs.Select(input =>
        {
            var copies = To(input.Shape, node.Axis, index => Place(index, node.Shape, before));
            before[node.Axis] += input.Shape[node.Axis];
            return copies;
        })];
    }

    /// <summary>The last axis along which something is added; what is from it on stays together.</summary>
    private static int Padded(PadNode node)
    {
        var axis = node.Shape.Rank - 1;
        while (axis > 0 && node.Before[axis] == 0 && node.After[axis] == 0)
        {
            axis--;
        }

        return Math.Max(axis, 0);
    }

    private static Copies Permuted(PermuteNode node)
    {
        var (strides, moved) = (node.Strides(), node.Axes.Count);
        while (moved > 0 && node.Axes[moved - 1] == moved - 1)
        {
            moved--;
        }

        return From(node.Shape, moved, index =>
        {
            long from = 0;
            for (var axis = 0; axis < strides.Length; axis++)
            {
                from += index[axis] * strides[axis];
            }

            return from;
        });
    }

    /// <summary>Where each element of an input goes.</summary>
    private static Copies To(Shape input, int axes, Func<long[], long> place)
    {
        var copies = new Copies();
        Each(input, axes, (i, index, count) => copies.Add(i, place(index), count));
        return copies;
    }

    /// <summary>Where each element of the result comes from.</summary>
    private static Copies From(Shape result, int axes, Func<long[], long> place)
    {
        var copies = new Copies();
        Each(result, axes, (i, index, count) => copies.Add(place(index), i, count));
        return copies;
    }

    /// <summary>Goes through all places of a shape's first axes, with the number of elements at each; the index may be changed.</summary>
    private static void Each(Shape shape, int axes, Action<long, long[], int> at)
    {
        var outer = new Shape(shape.AsSpan()[..axes]);
        var count = (int)(shape.ElementCount / outer.ElementCount);
        var (index, given) = (new long[shape.Rank], new long[shape.Rank]);
        for (var i = 0L; i < shape.ElementCount; i += count)
        {
            index.CopyTo(given, 0);
            at(i, given, count);
            Broadcast.Advance(index, outer);
        }
    }

    private static long Place(ReadOnlySpan<long> index, Shape shape, IReadOnlyList<long>? before)
    {
        long place = 0;
        for (var axis = 0; axis < index.Length; axis++)
        {
            place = (place * shape[axis]) + index[axis] + (before?[axis] ?? 0);
        }

        return place;
    }
}
