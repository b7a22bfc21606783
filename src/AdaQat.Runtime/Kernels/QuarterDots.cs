using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>
/// Sums of products in vectors of 128 bits: two pixels times 16 outputs stay in registers. Where the instruction wants the input's bytes
/// signed, 128 is taken from them, and what that takes from the sums is added again: 128 times the weights.
/// </summary>
internal static unsafe class QuarterDots<TLanes>
    where TLanes : struct, IQuarterLanes
{
    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        var initial = stackalloc int[16];
        fixed (int* starts = layer.Starts, quads = layer.Quads)
        {
            for (var block = 0; block < layer.Blocks; block++)
            {
                var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
                Start(layer, block, weights, initial);
                for (var pixel = 0; pixel < pixels; pixel += 2)
                {
                    // An odd last pixel is computed twice.
                    var second = Math.Min(pixel + 1, pixels - 1);
                    Two(starts, quads, layer.Starts.Length, weights, initial, input + bases[pixel], input + bases[second],
                        sums + (pixel * stride) + (block * 16), sums + (second * stride) + (block * 16));
                }
            }
        }
    }

    /// <summary>What sums start from, with what flipped bytes take from them.</summary>
    private static void Start(DotLayer layer, int block, sbyte* weights, int* initial)
    {
        for (var output = 0; output < 16; output++)
        {
            initial[output] = layer.Initial[(block * 16) + output];
            for (var quad = 0; TLanes.Flip != 0 && quad < layer.AllQuads; quad++)
            {
                var w = weights + (64L * quad) + (4 * output);
                initial[output] += TLanes.Flip * (w[0] + w[1] + w[2] + w[3]);
            }
        }
    }

    private static void Two(
        int* starts, int* quads, int runs, sbyte* w, int* initial, byte* first, byte* second, int* firstSums, int* secondSums)
    {
        Vector128<int> a0 = Vector128.Load(initial), a1 = Vector128.Load(initial + 4);
        Vector128<int> a2 = Vector128.Load(initial + 8), a3 = Vector128.Load(initial + 12);
        Vector128<int> b0 = a0, b1 = a1, b2 = a2, b3 = a3;
        var flip = Vector128.Create(TLanes.Flip);
        for (var run = 0; run < runs; run++)
        {
            nint at = starts[run];
            for (var end = at + (4 * quads[run]); at < end; at += 4, w += 64)
            {
                var x = Vector128.Create(*(int*)(first + at)).AsByte() ^ flip;
                var y = Vector128.Create(*(int*)(second + at)).AsByte() ^ flip;
                var weights = Vector128.Load(w);
                a0 = TLanes.Add(a0, x, weights);
                b0 = TLanes.Add(b0, y, weights);
                weights = Vector128.Load(w + 16);
                a1 = TLanes.Add(a1, x, weights);
                b1 = TLanes.Add(b1, y, weights);
                weights = Vector128.Load(w + 32);
                a2 = TLanes.Add(a2, x, weights);
                b2 = TLanes.Add(b2, y, weights);
                weights = Vector128.Load(w + 48);
                a3 = TLanes.Add(a3, x, weights);
                b3 = TLanes.Add(b3, y, weights);
            }
        }

        a0.Store(firstSums);
        a1.Store(firstSums + 4);
        a2.Store(firstSums + 8);
        a3.Store(firstSums + 12);
        b0.Store(secondSums);
        b1.Store(secondSums + 4);
        b2.Store(secondSums + 8);
        b3.Store(secondSums + 12);
    }
}
