using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>The sum of all bytes that a pixel's window holds, for layers whose weights need it beside the products.</summary>
internal sealed unsafe class ByteSums(int[] starts, int[] lengths)
{
    /// <summary>A window of 32 bytes of it, from 32 − n on, keeps n bytes.</summary>
    private static ReadOnlySpan<byte> Keep =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    public int Of(KernelKind kind, byte* pixel) => kind.HasAvx2() ? Wide(pixel) : Plain(pixel);

    private int Plain(byte* pixel)
    {
        var sum = 0;
        for (var run = 0; run < starts.Length; run++)
        {
            for (var i = 0; i < lengths[run]; i++)
            {
                sum += pixel[starts[run] + i];
            }
        }

        return sum;
    }

    private int Wide(byte* pixel)
    {
        var sums = Vector256<ulong>.Zero;
        for (var run = 0; run < starts.Length; run++)
        {
            var at = pixel + starts[run];
            var left = lengths[run];
            for (; left >= 32; left -= 32, at += 32)
            {
                sums += Avx2.SumAbsoluteDifferences(Vector256.Load(at), Vector256<byte>.Zero).AsUInt64();
            }

            var keep = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(Keep), (nuint)(32 - left));
            sums += Avx2.SumAbsoluteDifferences(Vector256.Load(at) & keep, Vector256<byte>.Zero).AsUInt64();
        }

        return (int)Vector256.Sum(sums);
    }
}
