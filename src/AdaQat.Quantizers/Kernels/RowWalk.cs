using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Which elements of an array share a scale: neighbours in rows of one length, whose scales go round.</summary>
/// <param name="Length">The elements of a row.</param>
/// <param name="Scales">How many scales there are.</param>
internal readonly record struct RowWalk(long Length, long Scales)
{
    /// <summary>Whether the elements that share a scale lie in rows: in any dense tensor, those of a group in a contiguous one.</summary>
    public static bool Serves(Tensor tensor, Granularity granularity) =>
        DenseMemory.Serves(tensor) && (granularity.GroupSize is null || tensor.is_contiguous());

    /// <summary>The rows of a tensor, in the order of its memory.</summary>
    public static RowWalk Of(Tensor tensor, Granularity granularity)
    {
        var (view, scales) = granularity.Layout(tensor.shape);
        var count = scales.Aggregate(1L, (product, size) => product * size);
        if (count == 1)
        {
            return new RowWalk(tensor.numel(), 1);
        }

        var axis = granularity.GroupSize is null ? granularity.Axis!.Value : 1;
        // Channels of a dense tensor are as far apart as the dimensions that change faster make them.
        return tensor.is_contiguous()
            ? new RowWalk(view.Skip(axis + 1).Aggregate(1L, (product, size) => product * size), count)
            : new RowWalk(tensor.stride(axis), count);
    }

    /// <summary>Goes through a part of the array, row by row.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="length">How many.</param>
    /// <param name="work">Gets a scale's number, the first element that has it, and how many have.</param>
    public void Run(long start, long length, Action<long, long, long> work)
    {
        var end = start + length;
        while (start < end)
        {
            var count = Math.Min(Length - (start % Length), end - start);
            work(start / Length % Scales, start, count);
            start += count;
        }
    }

    /// <summary>Two numbers for each scale, put together of what its parts give.</summary>
    /// <param name="elements">The array's length.</param>
    /// <param name="part">Gets a scale's number, the first element of a part, and its length.</param>
    /// <param name="first">Puts the first numbers of two parts together; 0 is neutral. In order, whoever makes the parts.</param>
    /// <param name="second">The same for the second numbers.</param>
    public (double[] First, double[] Second) Fold(
        long elements, Func<long, long, long, (double First, double Second)> part, Func<double, double, double> first,
        Func<double, double, double> second)
    {
        var rows = this;
        var parts = new List<(long Scale, double First, double Second)>[Blocks.Count(elements)];
        Blocks.Run(elements, (block, start, length) =>
        {
            var found = new List<(long, double, double)>();
            rows.Run(start, length, (scale, from, count) =>
            {
                var (a, b) = part(scale, from, count);
                found.Add((scale, a, b));
            });
            parts[block] = found;
        });
        var (firsts, seconds) = (new double[Scales], new double[Scales]);
        foreach (var (scale, a, b) in parts.SelectMany(p => p))
        {
            (firsts[scale], seconds[scale]) = (first(firsts[scale], a), second(seconds[scale], b));
        }

        return (firsts, seconds);
    }
}
