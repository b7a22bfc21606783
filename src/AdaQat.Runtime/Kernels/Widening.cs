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
        if (kind == KernelKind.Avx512)
        {
            var (factor, term) = (Vector512.Create(multiplier), Vector512.Create(offset));
            for (; i + 16 <= count; i += 16)
            {
                var x = (Avx512F.ConvertToVector512Int32(Vector128.Load(codes + i)) * factor) + term;
                (adds ? x + Vector512.Load(into + i) : x).Store(into + i);
            }
        }

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
        if (kind == KernelKind.Avx512)
        {
            var factor = Vector512.Create(multiplier);
            for (; i + 16 <= count; i += 16)
            {
                var x = Vector512.Load(integers + i) * factor;
                (adds ? x + Vector512.Load(into + i) : x).Store(into + i);
            }
        }

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

    /// <summary>into[i] = multiplier · codes[i] + other multiplier · other codes[i] + offset.</summary>
    public static void TwoCodes(
        KernelKind kind, byte* codes, int multiplier, byte* others, int otherMultiplier, int offset, int count, int* into)
    {
        var i = 0;
        if (kind == KernelKind.Avx512)
        {
            var (factor, other, term) = (Vector512.Create(multiplier), Vector512.Create(otherMultiplier), Vector512.Create(offset));
            for (; i + 16 <= count; i += 16)
            {
                ((Avx512F.ConvertToVector512Int32(Vector128.Load(codes + i)) * factor)
                    + (Avx512F.ConvertToVector512Int32(Vector128.Load(others + i)) * other) + term).Store(into + i);
            }
        }

        if (kind.HasAvx2())
        {
            var (factor, other, term) = (Vector256.Create(multiplier), Vector256.Create(otherMultiplier), Vector256.Create(offset));
            for (; i + 8 <= count; i += 8)
            {
                ((Avx2.ConvertToVector256Int32(codes + i) * factor) + (Avx2.ConvertToVector256Int32(others + i) * other) + term)
                    .Store(into + i);
            }
        }

        for (; i < count; i++)
        {
            into[i] = (multiplier * codes[i]) + (otherMultiplier * others[i]) + offset;
        }
    }
}
