namespace AdaQat.Runtime;

/// <summary>
/// In which parts a layer's products are summed: a chunk is what is summed before the sums are widened to 32 bits, and consists of parts of
/// runs.
/// </summary>
internal sealed unsafe class DotChunks
{
    private readonly Pinned<int> _parts;
    private readonly Pinned<int> _ends;

    private DotChunks(List<int> parts, List<int> ends)
    {
        (_parts, _ends) = (new([.. parts]), new([.. ends]));
    }

    /// <summary>How many chunks.</summary>
    public int Count => _ends.Count;

    /// <summary>For each part where it starts, from a pixel's base on, and how many times four bytes it has.</summary>
    public int* Parts => _parts.Pointer;

    /// <summary>For each chunk, how many parts there are up to its end.</summary>
    public int* Ends => _ends.Pointer;

    /// <summary>All runs in one chunk.</summary>
    public static DotChunks Whole(int[] starts, int[] quads) => new([.. starts.Zip(quads, (start, count) => (int[])[start, count])
        .SelectMany(part => part)], [starts.Length]);

    /// <summary>
    /// Chunks that are as long as the sums of products of even and of odd pairs of bytes, of each output, are sure to have 16 bits; or null
    /// where that isn't long enough to be worth it.
    /// </summary>
    /// <param name="starts">Where each run starts.</param>
    /// <param name="quads">How many times four bytes each has.</param>
    /// <param name="weights">Weights in the kernels' order, for the blocks one behind the other.</param>
    /// <param name="blocks">How many times 16 outputs.</param>
    /// <param name="most">The largest byte that can meet a weight.</param>
    public static DotChunks? Short(int[] starts, int[] quads, sbyte* weights, int blocks, int most)
    {
        var all = quads.Sum();
        var (low, high) = (new int[blocks * 32], new int[blocks * 32]);
        var (parts, ends, quad) = (new List<int>(), new List<int>(), 0);
        for (var run = 0; run < starts.Length; run++)
        {
            var begins = true;
            for (var i = 0; i < quads[run]; i++, quad++, begins = false)
            {
                if (!Grow(weights + (64L * quad), 64L * all, most, low, high))
                {
                    Array.Clear(low);
                    Array.Clear(high);
                    if (parts.Count == 0 || !Grow(weights + (64L * quad), 64L * all, most, low, high))
                    {
                        return null;
                    }

                    ends.Add(parts.Count / 2);
                    begins = true;
                }

                if (begins)
                {
                    parts.AddRange([starts[run] + (4 * i), 0]);
                }

                parts[^1]++;
            }
        }

        ends.Add(parts.Count / 2);
        return all >= 4 * ends.Count ? new(parts, ends) : null;
    }

    /// <summary>Adds four bytes' products to the bounds; false, with the bounds in disorder, where one leaves 16 bits.</summary>
    private static bool Grow(sbyte* weights, long block, int most, int[] low, int[] high)
    {
        for (var lane = 0; lane < low.Length; lane++)
        {
            var w = weights + (lane / 32 * block) + (lane % 32 * 2);
            low[lane] += most * (Math.Min(w[0], (sbyte)0) + Math.Min(w[1], (sbyte)0));
            high[lane] += most * (Math.Max(w[0], (sbyte)0) + Math.Max(w[1], (sbyte)0));
            if (low[lane] < short.MinValue || high[lane] > short.MaxValue)
            {
                return false;
            }
        }

        return true;
    }
}
