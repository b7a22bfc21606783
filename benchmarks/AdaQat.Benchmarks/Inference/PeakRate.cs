using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Benchmarks.Inference;

/// <summary>
/// How many multiplications and additions of bytes a second this processor does in a loop of nothing else, on one thread.
/// </summary>
/// <param name="Instruction">By which instruction.</param>
/// <param name="PerSecond">How many.</param>
internal sealed record PeakRate(string Instruction, double PerSecond)
{
    private const int Rounds = 20_000;
    private const int Chains = 12;
    private const int Tries = 100;

    /// <summary>
    /// The most of a hundred tries: of what 8 bits need, sums of 32 bits, and of what few bits allow, sums of 16 bits in vectors of 512.
    /// </summary>
    public static IReadOnlyList<PeakRate> Measure()
    {
        var peaks = new List<PeakRate>();
        if (AvxVnni.IsSupported)
        {
            peaks.Add(new("AVX-VNNI, 256 bits", Best(() => _ = Dots(), Chains * 32)));
        }
        else if (Avx2.IsSupported)
        {
            peaks.Add(new("AVX2, products of pairs", Best(() => _ = Pairs(), 8 * 32)));
        }

        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            peaks.Add(new("AVX-512, sums of 16 bits", Best(() => _ = Shorts(), 8 * 64)));
        }

        return peaks;
    }

    /// <summary>What is measured, and what two threads make of it, for people.</summary>
    public static string Describe(IReadOnlyList<PeakRate> peaks)
    {
        return $"A thread multiplies at most {string.Join(" or ", peaks.Select(Rate))}. {TwoThreads.Measure()}";

        static string Rate(PeakRate peak) => string.Create(
            CultureInfo.InvariantCulture, $"{peak.PerSecond / 1e9:F0} G/s by {peak.Instruction}");
    }

    /// <summary>A piece of work of some ten microseconds.</summary>
    public static void Work() => _ = AvxVnni.IsSupported ? Dots() : Avx2.IsSupported ? Pairs() : default;

    private static double Best(Action work, int productsOfRound)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (double)productsOfRound * Rounds / best;
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

    private static Vector512<short> Shorts()
    {
        // Factors differ, and one of each two changes, else the compiler would multiply once and for all.
        Vector512<short> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        var left = Vector512.Create((byte)3);
        var (r0, r1, r2, r3) = (Of(1), Of(2), Of(3), Of(4));
        for (var round = 0; round < Rounds; round++, left += Vector512<byte>.One)
        {
            var other = left ^ r3.AsByte();
            a += Avx512BW.MultiplyAddAdjacent(left, r0);
            b += Avx512BW.MultiplyAddAdjacent(left, r1);
            c += Avx512BW.MultiplyAddAdjacent(left, r2);
            d += Avx512BW.MultiplyAddAdjacent(left, r3);
            e += Avx512BW.MultiplyAddAdjacent(other, r0);
            f += Avx512BW.MultiplyAddAdjacent(other, r1);
            g += Avx512BW.MultiplyAddAdjacent(other, r2);
            h += Avx512BW.MultiplyAddAdjacent(other, r3);
        }

        return a + b + c + d + e + f + g + h;

        static Vector512<sbyte> Of(sbyte number) => Vector512.Create(number);
    }

    private static Vector256<int> Pairs()
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        var (left, one) = (Vector256.Create((byte)3), Vector256<short>.One);
        var (r0, r1, r2, r3) = (Of(1), Of(2), Of(3), Of(4));
        for (var round = 0; round < 2 * Rounds; round++, left += Vector256<byte>.One)
        {
            a += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, r0), one);
            b += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, r1), one);
            c += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, r2), one);
            d += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(left, r3), one);
        }

        return a + b + c + d;

        static Vector256<sbyte> Of(sbyte number) => Vector256.Create(number);
    }
}
