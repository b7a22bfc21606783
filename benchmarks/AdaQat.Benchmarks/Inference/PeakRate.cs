using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Benchmarks.Inference;

/// <summary>
/// How many multiplications and additions of bytes a second this processor can do at most, on one thread: the floor of all times.
/// </summary>
internal static class PeakRate
{
    private const int Rounds = 20_000;

    /// <summary>Which instruction it is that .NET has here.</summary>
    public static string Instruction => AvxVnni.IsSupported ? "AVX-VNNI, 256 bits"
        : Avx2.IsSupported ? "AVX2, products of pairs" : "none known";

    /// <summary>The most of a hundred tries, or null where neither instruction is there.</summary>
    public static double? Measure()
    {
        if (!Avx2.IsSupported)
        {
            return null;
        }

        var best = double.MaxValue;
        for (var i = 0; i < 100; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = AvxVnni.IsSupported ? Dots() : Pairs();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // Twelve chains, 32 products each.
        return 12.0 * 32 * Rounds / best;
    }

    private static Vector256<int> Dots()
    {
        Vector256<int> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        Vector256<int> i = default, j = default, k = default, l = default;
        var (left, right) = (Vector256.Create((byte)3), Vector256.Create((sbyte)5));
        for (var round = 0; round < Rounds; round++)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, left, right);
            b = AvxVnni.MultiplyWideningAndAdd(b, left, right);
            c = AvxVnni.MultiplyWideningAndAdd(c, left, right);
            d = AvxVnni.MultiplyWideningAndAdd(d, left, right);
            e = AvxVnni.MultiplyWideningAndAdd(e, left, right);
            f = AvxVnni.MultiplyWideningAndAdd(f, left, right);
            g = AvxVnni.MultiplyWideningAndAdd(g, left, right);
            h = AvxVnni.MultiplyWideningAndAdd(h, left, right);
            i = AvxVnni.MultiplyWideningAndAdd(i, left, right);
            j = AvxVnni.MultiplyWideningAndAdd(j, left, right);
            k = AvxVnni.MultiplyWideningAndAdd(k, left, right);
            l = AvxVnni.MultiplyWideningAndAdd(l, left, right);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    private static Vector256<int> Pairs()
    {
        var sums = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        var (left, right, one) = (Vector256.Create((byte)3), Vector256.Create((sbyte)5), Vector256<short>.One);
        for (var i = 0; i < 2 * Rounds; i++)
        {
            sums.Item1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, right), one);
            sums.Item2 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, right), one);
            sums.Item3 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, right), one);
            sums.Item4 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, right), one);
        }

        return sums.Item1 + sums.Item2 + sums.Item3 + sums.Item4;
    }
}
