using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>What this processor can do.</summary>
internal static class KernelKinds
{
    /// <summary>The fastest one here.</summary>
    public static KernelKind Best { get; } = Enum.GetValues<KernelKind>().Where(IsSupported).Max();

    public static bool IsSupported(KernelKind kind) => kind switch
    {
        KernelKind.Ssse3 => Ssse3.IsSupported,
        KernelKind.Avx2 => Avx2.IsSupported,
        KernelKind.AvxVnni => AvxVnni.IsSupported,
        KernelKind.Avx512 => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated,
        KernelKind.ArmDot => Dp.IsSupported,
        _ => true,
    };

    /// <summary>Whether vectors of 256 bits are used beside dot products, or longer ones.</summary>
    public static bool HasAvx2(this KernelKind kind) => kind is KernelKind.Avx2 or KernelKind.AvxVnni or KernelKind.Avx512;
}
