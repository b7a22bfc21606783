using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>Codes and integers as 32-bit integers, times a multiplier, written or added.</summary>
internal static unsafe class Widening
{
    /// <summary>into[i] (+)= multiplier · codes[i] + offset.</summary>
    public static void Codes(KernelKind kind, byte* codes, int count, int multiplier, int offset, int* into, bool adds)
    {
        var i = 0;
        if (kind.HasAvx2())
        {
            var (factor, term) = (Vector256.Create(multiplier), Vector256.Create(offset));
            for (; i + 8 <= count; i += 8)
            {
                var x = (Avx2.ConvertToVector256Int32(codes + i) * factor) + term;
                (adds ? x + Vector256.Load(into + i) : x).Store(into + i);
            }
        }

        for (; i < count; i++)
        {
            into[i] = (adds ? into[i] : 0) + (multiplier * codes[i]) + offset;
        }
    }

    /// <summary>into[i] (+)= multiplier · integers[i].</summary>
    public static void Integers(KernelKind kind, int* integers, int count, int multiplier, int* into, bool adds)
    {
        var i = 0;
        if (kind.HasAvx2())
        {
            var factor = Vector256.Create(multiplier);
            for (; i + 8 <= count; i += 8)
            {
                var x = Vector256.Load(integers + i) * factor;
                (adds ? x + Vector256.Load(into + i) : x).Store(into + i);
            }
        }

        for (; i < count; i++)
        {
            into[i] = (adds ? into[i] : 0) + (multiplier * integers[i]);
        }
    }
}
