using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Depthwise sums that fit into 16 bits: a lane a channel, four pixels at a time, so that a weight is read once for four.
/// </summary>
internal static unsafe class DepthwiseShorts
{
    /// <summary>32 channels.</summary>
    public static void Huge(
        byte* input, int* bases, int pixels, int* taps, int count, short* weights, int padded, int* initial, int* sums, int stride)
    {
        for (var pixel = 0; pixel < pixels; pixel += 4)
        {
            // Pixels behind the last one are the last one again.
            int one = Math.Min(pixel + 1, pixels - 1), two = Math.Min(pixel + 2, pixels - 1), three = Math.Min(pixel + 3, pixels - 1);
            byte* first = input + bases[pixel], second = input + bases[one], third = input + bases[two], fourth = input + bases[three];
            Vector512<short> a = default, b = default, c = default, d = default;
            var w = weights;
            for (var tap = 0; tap < count; tap++, w += padded)
            {
                nint at = taps[tap];
                var weight = Vector512.Load(w);
                a += Avx512BW.ConvertToVector512Int16(Vector256.Load(first + at)) * weight;
                b += Avx512BW.ConvertToVector512Int16(Vector256.Load(second + at)) * weight;
                c += Avx512BW.ConvertToVector512Int16(Vector256.Load(third + at)) * weight;
                d += Avx512BW.ConvertToVector512Int16(Vector256.Load(fourth + at)) * weight;
            }

            Store(a, initial, sums + ((long)pixel * stride));
            Store(b, initial, sums + ((long)one * stride));
            Store(c, initial, sums + ((long)two * stride));
            Store(d, initial, sums + ((long)three * stride));
        }
    }

    /// <summary>16 channels.</summary>
    public static void Wide(
        byte* input, int* bases, int pixels, int* taps, int count, short* weights, int padded, int* initial, int* sums, int stride)
    {
        for (var pixel = 0; pixel < pixels; pixel += 4)
        {
            int one = Math.Min(pixel + 1, pixels - 1), two = Math.Min(pixel + 2, pixels - 1), three = Math.Min(pixel + 3, pixels - 1);
            byte* first = input + bases[pixel], second = input + bases[one], third = input + bases[two], fourth = input + bases[three];
            Vector256<short> a = default, b = default, c = default, d = default;
            var w = weights;
            for (var tap = 0; tap < count; tap++, w += padded)
            {
                nint at = taps[tap];
                var weight = Vector256.Load(w);
                a += Avx2.ConvertToVector256Int16(first + at) * weight;
                b += Avx2.ConvertToVector256Int16(second + at) * weight;
                c += Avx2.ConvertToVector256Int16(third + at) * weight;
                d += Avx2.ConvertToVector256Int16(fourth + at) * weight;
            }

            Store(a, initial, sums + ((long)pixel * stride));
            Store(b, initial, sums + ((long)one * stride));
            Store(c, initial, sums + ((long)two * stride));
            Store(d, initial, sums + ((long)three * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> products, int* initial, int* sums)
    {
        (Avx512F.ConvertToVector512Int32(products.GetLower()) + Vector512.Load(initial)).Store(sums);
        (Avx512F.ConvertToVector512Int32(products.GetUpper()) + Vector512.Load(initial + 16)).Store(sums + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<short> products, int* initial, int* sums)
    {
        (Avx2.ConvertToVector256Int32(products.GetLower()) + Vector256.Load(initial)).Store(sums);
        (Avx2.ConvertToVector256Int32(products.GetUpper()) + Vector256.Load(initial + 8)).Store(sums + 8);
    }
}
