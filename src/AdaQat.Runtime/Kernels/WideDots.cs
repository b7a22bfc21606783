using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>Sums of products in vectors of 256 bits: six pixels times 16 outputs stay in registers.</summary>
internal static unsafe class WideDots<TLanes>
    where TLanes : struct, IDotLanes
{
    private const int Together = 6;

    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        var chunks = layer.Chunks(TLanes.IsShort);
        for (var block = 0; block < layer.Blocks; block++)
        {
            for (var pixel = 0; pixel < pixels; pixel += Together)
            {
                if (pixels < Together)
                {
                    for (var one = 0; one < pixels; one++)
                    {
                        Chunks(layer, chunks, block, input, bases + one, sums + ((long)one * stride), stride, together: false);
                    }

                    continue;
                }

                // The last six may overlap with those before, and are computed twice then.
                var first = Math.Min(pixel, pixels - Together);
                Chunks(layer, chunks, block, input, bases + first, sums + ((long)first * stride), stride, together: true);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chunks(
        DotLayer layer, DotChunks chunks, int block, byte* input, int* bases, int* sums, int stride, bool together)
    {
        var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
        var from = layer.Initial + (block * 16);
        var parts = chunks.Parts;
        var (fromStride, part) = (0, 0);
        sums += block * 16;
        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            var count = chunks.Ends[chunk] - part;
            weights = together ? Six(parts + (2 * part), count, weights, from, fromStride, input, bases, sums, stride)
                : One(parts + (2 * part), count, weights, from, input + bases[0], sums);
            from = sums;
            (fromStride, part) = (stride, chunks.Ends[chunk]);
        }
    }

    private static sbyte* Six(
        int* parts, int count, sbyte* w, int* from, int fromStride, byte* input, int* bases, int* sums, int stride)
    {
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<int> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        byte* first = input + bases[0], second = input + bases[1], third = input + bases[2];
        byte* fourth = input + bases[3], fifth = input + bases[4], sixth = input + bases[5];
        for (var last = parts + (2 * count); parts < last; parts += 2)
        {
            nint at = parts[0];
            for (var end = at + (4 * parts[1]); at < end; at += 4, w += 64)
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
                x = Vector256.Create(*(int*)(fifth + at)).AsByte();
                e0 = TLanes.Add(e0, x, w0);
                e1 = TLanes.Add(e1, x, w1);
                x = Vector256.Create(*(int*)(sixth + at)).AsByte();
                f0 = TLanes.Add(f0, x, w0);
                f1 = TLanes.Add(f1, x, w1);
            }
        }

        Store(a0, a1, from, sums);
        Store(b0, b1, from + fromStride, sums + stride);
        Store(c0, c1, from + (2 * fromStride), sums + (2 * stride));
        Store(d0, d1, from + (3 * fromStride), sums + (3 * stride));
        Store(e0, e1, from + (4 * fromStride), sums + (4 * stride));
        Store(f0, f1, from + (5 * fromStride), sums + (5 * stride));
        return w;
    }

    /// <summary>One pixel, in four chains, since a sum can't be added to before the last addition is done.</summary>
    private static sbyte* One(int* parts, int count, sbyte* w, int* from, byte* input, int* sums)
    {
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var part = 0; part < count; part++)
        {
            var x = (int*)(input + parts[2 * part]);
            var left = parts[(2 * part) + 1];
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

        var first = TLanes.Widen(a0) + TLanes.Widen(b0) + (TLanes.Widen(c0) + TLanes.Widen(d0));
        var second = TLanes.Widen(a1) + TLanes.Widen(b1) + (TLanes.Widen(c1) + TLanes.Widen(d1));
        (first + Vector256.Load(from)).Store(sums);
        (second + Vector256.Load(from + 8)).Store(sums + 8);
        return w;
    }

    private static void Store(Vector256<int> low, Vector256<int> high, int* from, int* sums)
    {
        (TLanes.Widen(low) + Vector256.Load(from)).Store(sums);
        (TLanes.Widen(high) + Vector256.Load(from + 8)).Store(sums + 8);
    }
}
