using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Which element goes where, for nodes that only arrange: one list for each input.</summary>
internal static class Arrangements
{
    public static Copies[] Of(IntegerNode node) => node switch
    {
        ConcatNode concat => Concat(concat),
        PadNode pad => [Each(pad.Inputs[0].Shape, (copies, i, index) => copies.Add(i, Place(index, pad.Shape, pad.Before)))],
        SliceNode slice => [Each(slice.Shape, (copies, i, index) =>
        {
            index[slice.Axis] = slice.Start + (index[slice.Axis] * slice.Step);
            copies.Add(Place(index, slice.Inputs[0].Shape, null), i);
        })],
        UpsampleNode upsample => [Each(upsample.Shape, (copies, i, index) =>
        {
            for (var axis = 0; axis < upsample.Factors.Count; axis++)
            {
                index[axis] /= upsample.Factors[axis];
            }

            copies.Add(Place(index, upsample.Inputs[0].Shape, null), i);
        })],
        PermuteNode permute => [Permuted(permute)],
        _ => throw new ArgumentException($"'{node.Name}' arranges nothing.", nameof(node)),
    };

    private static Copies[] Concat(ConcatNode node)
    {
        var before = new long[node.Shape.Rank];
        return [.. node.Inputs.Select(input =>
        {
            var copies = Each(input.Shape, (copies, i, index) => copies.Add(i, Place(index, node.Shape, before)));
            before[node.Axis] += input.Shape[node.Axis];
            return copies;
        })];
    }

    private static Copies Permuted(PermuteNode node)
    {
        var strides = node.Strides();
        return Each(node.Shape, (copies, i, index) =>
        {
            long from = 0;
            for (var axis = 0; axis < strides.Length; axis++)
            {
                from += index[axis] * strides[axis];
            }

            copies.Add(from, i);
        });
    }

    /// <summary>Goes through all elements of a shape; the index may be changed.</summary>
    private static Copies Each(Shape shape, Action<Copies, long, long[]> add)
    {
        var (copies, index, given) = (new Copies(), new long[shape.Rank], new long[shape.Rank]);
        for (var i = 0L; i < shape.ElementCount; i++)
        {
            index.CopyTo(given, 0);
            add(copies, i, given);
            Broadcast.Advance(index, shape);
        }

        return copies;
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
