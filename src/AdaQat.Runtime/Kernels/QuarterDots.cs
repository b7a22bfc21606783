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
        var chunks = layer.Chunks(TLanes.IsShort);
        for (var block = 0; block < layer.Blocks; block++)
        {
            var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
            Start(layer, block, weights, initial);
            for (var pixel = 0; pixel < pixels; pixel += 2)
            {
                // An odd last pixel is computed twice.
                var second = Math.Min(pixel + 1, pixels - 1);
                int* into = sums + ((long)pixel * stride) + (block * 16), beside = sums + ((long)second * stride) + (block * 16);
                Two(chunks, weights, initial, input + bases[pixel], input + bases[second], into, beside);
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

    private static void Two(DotChunks chunks, sbyte* w, int* initial, byte* first, byte* second, int* firstSums, int* secondSums)
    {
        Vector128<int> s0 = Vector128.Load(initial), s1 = Vector128.Load(initial + 4);
        Vector128<int> s2 = Vector128.Load(initial + 8), s3 = Vector128.Load(initial + 12);
        Vector128<int> t0 = s0, t1 = s1, t2 = s2, t3 = s3;
        var flip = Vector128.Create(TLanes.Flip);
        var parts = chunks.Parts;
        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (var last = chunks.Parts + (2 * chunks.Ends[chunk]); parts < last; parts += 2)
            {
                nint at = parts[0];
                for (var end = at + (4 * parts[1]); at < end; at += 4, w += 64)
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

            (s0, s1, s2, s3) = (s0 + TLanes.Widen(a0), s1 + TLanes.Widen(a1), s2 + TLanes.Widen(a2), s3 + TLanes.Widen(a3));
            (t0, t1, t2, t3) = (t0 + TLanes.Widen(b0), t1 + TLanes.Widen(b1), t2 + TLanes.Widen(b2), t3 + TLanes.Widen(b3));
        }

        s0.Store(firstSums);
        s1.Store(firstSums + 4);
        s2.Store(firstSums + 8);
        s3.Store(firstSums + 12);
        t0.Store(secondSums);
        t1.Store(secondSums + 4);
        t2.Store(secondSums + 8);
        t3.Store(secondSums + 12);
    }
}
