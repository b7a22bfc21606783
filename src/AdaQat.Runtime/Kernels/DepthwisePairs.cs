using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>
/// Depthwise sums that need 32 bits. Taps go by twos, since the instruction adds two products of 16 bits in 32, exactly. Two taps' bytes
/// are brought side by side within each half of a vector, so that sums of 16 channels are in the order 0 to 3, 8 to 11; 4 to 7, 12 to 15.
/// </summary>
internal static unsafe class DepthwisePairs
{
    /// <summary>Weights in the order in which they are met: for each two taps, for 16 channels, twice 8 channels' pairs.</summary>
    public static Pinned<short> Arrange(Pinned<short> weights, int taps, int padded)
    {
        var pairs = new Pinned<short>((taps + 1) / 2 * 2 * padded);
        for (var tap = 0; tap < taps; tap++)
        {
            for (var c = 0; c < padded; c++)
            {
                var (half, within) = (c % 8 / 4, (c % 16 / 8 * 4) + (c % 4));
                var place = (tap / 2 * 2 * padded) + (c / 16 * 32) + (half * 16) + (within * 2) + (tap % 2);
                pairs.Span[place] = weights.Span[(tap * padded) + c];
            }
        }

        return pairs;
    }

    /// <summary>16 channels.</summary>
    public static void Run(
        byte* input, int* bases, int pixels, int* taps, int count, short* pairs, int padded, int* initial, int* sums, int stride)
    {
        for (var pixel = 0; pixel < pixels; pixel += 2)
        {
            // A pixel behind the last one is the last one again.
            var next = Math.Min(pixel + 1, pixels - 1);
            byte* first = input + bases[pixel], second = input + bases[next];
            Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default;
            var w = pairs;
            for (var tap = 0; tap < count; tap += 2, w += 2 * padded)
            {
                // An odd last tap meets itself, with weights of 0.
                nint at = taps[tap], then = taps[Math.Min(tap + 1, count - 1)];
                Vector256<short> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 16);
                Add(first, at, then, w0, w1, ref a0, ref a1);
                Add(second, at, then, w0, w1, ref b0, ref b1);
            }

            Store(a0, a1, initial, sums + ((long)pixel * stride));
            Store(b0, b1, initial, sums + ((long)next * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        byte* pixel, nint tap, nint then, Vector256<short> w0, Vector256<short> w1, ref Vector256<int> low, ref Vector256<int> high)
    {
        var x = Avx2.ConvertToVector256Int16(pixel + tap);
        var y = Avx2.ConvertToVector256Int16(pixel + then);
        low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x, y), w0);
        high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x, y), w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> low, Vector256<int> high, int* initial, int* sums)
    {
        (Avx2.Permute2x128(low, high, 0x20) + Vector256.Load(initial)).Store(sums);
        (Avx2.Permute2x128(low, high, 0x31) + Vector256.Load(initial + 8)).Store(sums + 8);
    }
}
