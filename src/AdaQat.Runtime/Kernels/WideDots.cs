using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Sums of products in vectors of 256 bits: four pixels times 16 outputs stay in registers.</summary>
internal static unsafe class WideDots<TLanes>
    where TLanes : struct, IDotLanes
{
    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        fixed (int* starts = layer.Starts, quads = layer.Quads)
        {
            for (var block = 0; block < layer.Blocks; block++)
            {
                var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
                var initial = layer.Initial + (block * 16);
                var pixel = 0;
                for (; pixel + 4 <= pixels; pixel += 4)
                {
                    Four(starts, quads, layer.Starts.Length, weights, initial, input, bases + pixel, sums + (pixel * stride) + (block * 16),
                        stride);
                }

                for (; pixel < pixels; pixel++)
                {
                    One(starts, quads, layer.Starts.Length, weights, initial, input + bases[pixel], sums + (pixel * stride) + (block * 16));
                }
            }
        }
    }

    private static void Four(
        int* starts, int* quads, int runs, sbyte* w, int* initial, byte* input, int* bases, int* sums, int stride)
    {
        Vector256<int> a0 = Vector256.Load(initial), a1 = Vector256.Load(initial + 8);
        Vector256<int> b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
        byte* first = input + bases[0], second = input + bases[1], third = input + bases[2], fourth = input + bases[3];
        for (var run = 0; run < runs; run++)
        {
            nint at = starts[run];
            for (var end = at + (4 * quads[run]); at < end; at += 4, w += 64)
            {
                Vector256<sbyte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 32);
                var x = Vector256.Create(*(int*)(first + at)).AsByte();
                a0 = TLanes.Add(a0, x, w0);
                a1 = TLanes.Add(a1, x, w1);
                x = Vector256.Create(*(int*)(second + at)).AsByte();
                b0 = TLanes.Add(b0, x, w0);
                b1 = TLanes.Add(b1, x, w1);
                x = Vector256.Create(*(int*)(third + at)).AsByte();
                c0 = TLanes.Add(c0, x, w0);
                c1 = TLanes.Add(c1, x, w1);
                x = Vector256.Create(*(int*)(fourth + at)).AsByte();
                d0 = TLanes.Add(d0, x, w0);
                d1 = TLanes.Add(d1, x, w1);
            }
        }

        a0.Store(sums);
        a1.Store(sums + 8);
        b0.Store(sums + stride);
        b1.Store(sums + stride + 8);
        c0.Store(sums + (2 * stride));
        c1.Store(sums + (2 * stride) + 8);
        d0.Store(sums + (3 * stride));
        d1.Store(sums + (3 * stride) + 8);
    }

    /// <summary>One pixel, in four chains, since a sum can't be added to before the last addition is done.</summary>
    private static void One(int* starts, int* quads, int runs, sbyte* w, int* initial, byte* input, int* sums)
    {
        Vector256<int> a0 = Vector256.Load(initial), a1 = Vector256.Load(initial + 8);
        Vector256<int> b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var run = 0; run < runs; run++)
        {
            var x = (int*)(input + starts[run]);
            var left = quads[run];
            for (; left >= 4; left -= 4, x += 4, w += 256)
            {
                var v = Vector256.Create(x[0]).AsByte();
                a0 = TLanes.Add(a0, v, Vector256.Load(w));
                a1 = TLanes.Add(a1, v, Vector256.Load(w + 32));
                v = Vector256.Create(x[1]).AsByte();
                b0 = TLanes.Add(b0, v, Vector256.Load(w + 64));
                b1 = TLanes.Add(b1, v, Vector256.Load(w + 96));
                v = Vector256.Create(x[2]).AsByte();
                c0 = TLanes.Add(c0, v, Vector256.Load(w + 128));
                c1 = TLanes.Add(c1, v, Vector256.Load(w + 160));
                v = Vector256.Create(x[3]).AsByte();
                d0 = TLanes.Add(d0, v, Vector256.Load(w + 192));
                d1 = TLanes.Add(d1, v, Vector256.Load(w + 224));
            }

            for (; left > 0; left--, x++, w += 64)
            {
                var v = Vector256.Create(*x).AsByte();
                a0 = TLanes.Add(a0, v, Vector256.Load(w));
                a1 = TLanes.Add(a1, v, Vector256.Load(w + 32));
            }
        }

        (a0 + b0 + (c0 + d0)).Store(sums);
        (a1 + b1 + (c1 + d1)).Store(sums + 8);
    }
}
