using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Sums of products in vectors of 512 bits, for layers whose sums fit into 16 bits for a while: eight pixels times 32 outputs, or 16, stay
/// in registers.
/// </summary>
internal static unsafe class HugeDots
{
    private const int Together = 8;

    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        var chunks = layer.Chunks(isShort: true);
        var block = 0;
        while (block < layer.Blocks)
        {
            var blocks = pixels >= Together && block + 2 <= layer.Blocks ? 2 : 1;
            for (var pixel = 0; pixel < pixels; pixel += Together)
            {
                if (pixels < Together)
                {
                    for (var one = 0; one < pixels; one++)
                    {
                        Chunks(layer, chunks, block, 0, input, bases + one, sums + ((long)one * stride), stride);
                    }

                    continue;
                }

                // The last eight may overlap with those before, and are computed twice then.
                var first = Math.Min(pixel, pixels - Together);
                Chunks(layer, chunks, block, blocks, input, bases + first, sums + ((long)first * stride), stride);
            }

            block += blocks;
        }
    }

    /// <summary>One or two times 16 outputs of eight pixels; where there are 0 blocks, 16 outputs of one pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chunks(
        DotLayer layer, DotChunks chunks, int block, int blocks, byte* input, int* bases, int* sums, int stride)
    {
        var weights = layer.Weights + ((long)block * layer.AllQuads * 64);
        var other = layer.AllQuads * 64L;
        var from = layer.Initial + (block * 16);
        var parts = chunks.Parts;
        var (fromStride, part) = (0, 0);
        sums += block * 16;
        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            var count = chunks.Ends[chunk] - part;
            weights = blocks switch
            {
                2 => EightByTwo(parts + (2 * part), count, weights, other, from, fromStride, input, bases, sums, stride),
                1 => Eight(parts + (2 * part), count, weights, from, fromStride, input, bases, sums, stride),
                _ => One(parts + (2 * part), count, weights, from, input + bases[0], sums),
            };
            from = sums;
            (fromStride, part) = (stride, chunks.Ends[chunk]);
        }
    }

    private static sbyte* EightByTwo(
        int* parts, int count, sbyte* w, long other, int* from, int fromStride, byte* input, int* bases, int* sums, int stride)
    {
        Vector512<short> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        Vector512<short> e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default, h0 = default, h1 = default;
        byte* first = input + bases[0], second = input + bases[1], third = input + bases[2], fourth = input + bases[3];
        byte* fifth = input + bases[4], sixth = input + bases[5], seventh = input + bases[6], eighth = input + bases[7];
        for (var last = parts + (2 * count); parts < last; parts += 2)
        {
            nint at = parts[0];
            for (var end = at + (4 * parts[1]); at < end; at += 4, w += 64)
            {
                Vector512<sbyte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + other);
                var x = Four(first + at);
                a0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                a1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(second + at);
                b0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                b1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(third + at);
                c0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                c1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(fourth + at);
                d0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                d1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(fifth + at);
                e0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                e1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(sixth + at);
                f0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                f1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(seventh + at);
                g0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                g1 += Avx512BW.MultiplyAddAdjacent(x, w1);
                x = Four(eighth + at);
                h0 += Avx512BW.MultiplyAddAdjacent(x, w0);
                h1 += Avx512BW.MultiplyAddAdjacent(x, w1);
            }
        }

        Store(a0, a1, from, sums);
        Store(b0, b1, from + fromStride, sums + stride);
        Store(c0, c1, from + (2 * fromStride), sums + (2 * stride));
        Store(d0, d1, from + (3 * fromStride), sums + (3 * stride));
        Store(e0, e1, from + (4 * fromStride), sums + (4 * stride));
        Store(f0, f1, from + (5 * fromStride), sums + (5 * stride));
        Store(g0, g1, from + (6 * fromStride), sums + (6 * stride));
        Store(h0, h1, from + (7 * fromStride), sums + (7 * stride));
        return w;
    }

    private static sbyte* Eight(
        int* parts, int count, sbyte* w, int* from, int fromStride, byte* input, int* bases, int* sums, int stride)
    {
        Vector512<short> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        byte* first = input + bases[0], second = input + bases[1], third = input + bases[2], fourth = input + bases[3];
        byte* fifth = input + bases[4], sixth = input + bases[5], seventh = input + bases[6], eighth = input + bases[7];
        for (var last = parts + (2 * count); parts < last; parts += 2)
        {
            nint at = parts[0];
            for (var end = at + (4 * parts[1]); at < end; at += 4, w += 64)
            {
                var weights = Vector512.Load(w);
                a += Avx512BW.MultiplyAddAdjacent(Four(first + at), weights);
                b += Avx512BW.MultiplyAddAdjacent(Four(second + at), weights);
                c += Avx512BW.MultiplyAddAdjacent(Four(third + at), weights);
                d += Avx512BW.MultiplyAddAdjacent(Four(fourth + at), weights);
                e += Avx512BW.MultiplyAddAdjacent(Four(fifth + at), weights);
                f += Avx512BW.MultiplyAddAdjacent(Four(sixth + at), weights);
                g += Avx512BW.MultiplyAddAdjacent(Four(seventh + at), weights);
                h += Avx512BW.MultiplyAddAdjacent(Four(eighth + at), weights);
            }
        }

        (Widen(a) + Vector512.Load(from)).Store(sums);
        (Widen(b) + Vector512.Load(from + fromStride)).Store(sums + stride);
        (Widen(c) + Vector512.Load(from + (2 * fromStride))).Store(sums + (2 * stride));
        (Widen(d) + Vector512.Load(from + (3 * fromStride))).Store(sums + (3 * stride));
        (Widen(e) + Vector512.Load(from + (4 * fromStride))).Store(sums + (4 * stride));
        (Widen(f) + Vector512.Load(from + (5 * fromStride))).Store(sums + (5 * stride));
        (Widen(g) + Vector512.Load(from + (6 * fromStride))).Store(sums + (6 * stride));
        (Widen(h) + Vector512.Load(from + (7 * fromStride))).Store(sums + (7 * stride));
        return w;
    }

    /// <summary>One pixel, in four chains, since a sum can't be added to before the last addition is done.</summary>
    private static sbyte* One(int* parts, int count, sbyte* w, int* from, byte* input, int* sums)
    {
        Vector512<short> a = default, b = default, c = default, d = default;
        for (var part = 0; part < count; part++)
        {
            var x = input + parts[2 * part];
            var left = parts[(2 * part) + 1];
            for (; left >= 4; left -= 4, x += 16, w += 256)
            {
                a += Avx512BW.MultiplyAddAdjacent(Four(x), Vector512.Load(w));
                b += Avx512BW.MultiplyAddAdjacent(Four(x + 4), Vector512.Load(w + 64));
                c += Avx512BW.MultiplyAddAdjacent(Four(x + 8), Vector512.Load(w + 128));
                d += Avx512BW.MultiplyAddAdjacent(Four(x + 12), Vector512.Load(w + 192));
            }

            for (; left > 0; left--, x += 4, w += 64)
            {
                a += Avx512BW.MultiplyAddAdjacent(Four(x), Vector512.Load(w));
            }
        }

        (Widen(a) + Widen(b) + (Widen(c) + Widen(d)) + Vector512.Load(from)).Store(sums);
        return w;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Four(byte* bytes) => Vector512.Create(*(int*)bytes).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector512<short> sums) => Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> first, Vector512<short> second, int* from, int* sums)
    {
        (Widen(first) + Vector512.Load(from)).Store(sums);
        (Widen(second) + Vector512.Load(from + 16)).Store(sums + 16);
    }
}
