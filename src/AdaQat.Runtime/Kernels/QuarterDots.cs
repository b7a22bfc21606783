using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>
/// Sums of products in vectors of 128 bits. The instruction wants both bytes signed, so 128 is taken from the input's, and what that takes
/// from the sums is added again: 128 times the weights.
/// </summary>
internal static unsafe class QuarterDots<TLanes>
    where TLanes : struct, IQuarterLanes
{
    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        for (var block = 0; block < layer.Blocks; block++)
        {
            var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
            Vector128<int> i0 = default, i1 = default, i2 = default, i3 = default;
            var (half, w) = (Vector128.Create((sbyte)64), 0L);
            for (; w < 64L * layer.AllQuads; w += 64)
            {
                i0 = TLanes.Add(i0, half, Vector128.Load(weights + w));
                i1 = TLanes.Add(i1, half, Vector128.Load(weights + w + 16));
                i2 = TLanes.Add(i2, half, Vector128.Load(weights + w + 32));
                i3 = TLanes.Add(i3, half, Vector128.Load(weights + w + 48));
            }

            var initial = layer.Initial + (block * 16);
            i0 = i0 + i0 + Vector128.Load(initial);
            i1 = i1 + i1 + Vector128.Load(initial + 4);
            i2 = i2 + i2 + Vector128.Load(initial + 8);
            i3 = i3 + i3 + Vector128.Load(initial + 12);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var (a0, a1, a2, a3) = (i0, i1, i2, i3);
                w = 0;
                for (var run = 0; run < layer.Starts.Length; run++)
                {
                    var at = (int*)(input + bases[pixel] + layer.Starts[run]);
                    for (var end = at + layer.Quads[run]; at < end; at++, w += 64)
                    {
                        var x = (Vector128.Create(*at).AsByte() ^ Vector128.Create((byte)128)).AsSByte();
                        a0 = TLanes.Add(a0, x, Vector128.Load(weights + w));
                        a1 = TLanes.Add(a1, x, Vector128.Load(weights + w + 16));
                        a2 = TLanes.Add(a2, x, Vector128.Load(weights + w + 32));
                        a3 = TLanes.Add(a3, x, Vector128.Load(weights + w + 48));
                    }
                }

                var into = sums + (pixel * stride) + (block * 16);
                a0.Store(into);
                a1.Store(into + 4);
                a2.Store(into + 8);
                a3.Store(into + 12);
            }
        }
    }
}
