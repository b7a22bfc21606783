using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Codes of sums in vectors of 512 bits: up to 16 channels of all pixels, whose rules stay in registers. Numbers have to fit into 32 bits
/// before they are clamped, since packing them does that.
/// </summary>
internal static unsafe class HugeCodes
{
    /// <summary>By rules of 32-bit floats.</summary>
    public static void Singles(
        int* sums, int stride, int pixels, float* slopes, float* starts, int maxCode, byte* codes, int channels, int count)
    {
        Vector512<float> m = Vector512.Load(slopes), b = Vector512.Load(starts);
        var pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4, sums += 4 * stride, codes += 4 * channels)
        {
            Store(Single(sums, m, b), Single(sums + stride, m, b), Single(sums + (2 * stride), m, b), Single(sums + (3 * stride), m, b),
                maxCode, codes, channels, count);
        }

        for (; pixel < pixels; pixel++, sums += stride, codes += channels)
        {
            var one = Single(sums, m, b);
            Store(Pack(one, one, one, one, maxCode).GetLower().GetLower(), codes, count);
        }
    }

    /// <summary>By rules of 64-bit floats.</summary>
    public static void Doubles(
        int* sums, int stride, int pixels, double* slopes, double* starts, int maxCode, byte* codes, int channels, int count)
    {
        Vector512<double> m0 = Vector512.Load(slopes), m1 = Vector512.Load(slopes + 8);
        Vector512<double> b0 = Vector512.Load(starts), b1 = Vector512.Load(starts + 8);
        var pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4, sums += 4 * stride, codes += 4 * channels)
        {
            Store(Double(sums, m0, m1, b0, b1), Double(sums + stride, m0, m1, b0, b1), Double(sums + (2 * stride), m0, m1, b0, b1),
                Double(sums + (3 * stride), m0, m1, b0, b1), maxCode, codes, channels, count);
        }

        for (; pixel < pixels; pixel++, sums += stride, codes += channels)
        {
            var one = Double(sums, m0, m1, b0, b1);
            Store(Pack(one, one, one, one, maxCode).GetLower().GetLower(), codes, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Single(int* sums, Vector512<float> m, Vector512<float> b) =>
        Avx512F.ConvertToVector512Int32WithTruncation((Avx512F.ConvertToVector512Single(Vector512.Load(sums)) * m) + b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Double(
        int* sums, Vector512<double> m0, Vector512<double> m1, Vector512<double> b0, Vector512<double> b1) => Vector512.Create(
            Avx512F.ConvertToVector256Int32WithTruncation((Avx512F.ConvertToVector512Double(Vector256.Load(sums)) * m0) + b0),
            Avx512F.ConvertToVector256Int32WithTruncation((Avx512F.ConvertToVector512Double(Vector256.Load(sums + 8)) * m1) + b1));

    /// <summary>64 bytes, pixel by pixel. Packing takes four of each pixel in turn, which are brought together again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Pack(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, int maxCode)
    {
        var packed = Avx512BW.PackUnsignedSaturate(Avx512BW.PackSignedSaturate(a, b), Avx512BW.PackSignedSaturate(c, d));
        var order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        return Avx512BW.Min(Avx512F.PermuteVar16x32(packed.AsInt32(), order).AsByte(), Vector512.Create((byte)maxCode));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, int maxCode, byte* codes, int channels, int count)
    {
        var packed = Pack(a, b, c, d, maxCode);
        if (channels == 16)
        {
            packed.Store(codes);
            return;
        }

        Store(packed.GetLower().GetLower(), codes, count);
        Store(packed.GetLower().GetUpper(), codes + channels, count);
        Store(packed.GetUpper().GetLower(), codes + (2 * channels), count);
        Store(packed.GetUpper().GetUpper(), codes + (3 * channels), count);
    }

    /// <summary>Only so many: what is behind them may be another thread's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> packed, byte* codes, int count)
    {
        if (count == 16)
        {
            packed.Store(codes);
        }
        else if (count == 8)
        {
            *(ulong*)codes = packed.AsUInt64().ToScalar();
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                codes[i] = packed[i];
            }
        }
    }
}
