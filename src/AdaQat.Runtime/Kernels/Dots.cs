using System.Runtime.Intrinsics.X86;

namespace AdaQat.Runtime;

/// <summary>Sums of products, for pixels of an image and all outputs of a layer, by the instructions that are at hand.</summary>
internal static unsafe class Dots
{
    /// <summary>Computes sums.</summary>
    /// <param name="kind">By which instructions.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The bytes.</param>
    /// <param name="bases">Where each pixel's bytes are, from the input on.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="sums">Where sums go, 16 times the layer's blocks for each pixel.</param>
    /// <param name="stride">How far apart two pixels' sums are.</param>
    public static void Run(KernelKind kind, DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        switch (kind)
        {
            case KernelKind.Avx512 when layer.FitsShort:
                HugeDots.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Avx512 when AvxVnni.IsSupported:
            case KernelKind.AvxVnni:
                WideDots<AvxVnniLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Avx512 or KernelKind.Avx2 when layer.FitsShort:
                WideDots<Avx2ShortLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Avx512 or KernelKind.Avx2 when layer.PairsFit:
                WideDots<Avx2PairLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Avx512 or KernelKind.Avx2:
                WideDots<Avx2SplitLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Ssse3 when layer.FitsShort:
                QuarterDots<Ssse3ShortLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Ssse3 when layer.PairsFit:
                QuarterDots<Ssse3PairLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.Ssse3:
                QuarterDots<Ssse3SplitLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            case KernelKind.ArmDot:
                QuarterDots<ArmDotLanes>.Run(layer, input, bases, pixels, sums, stride);
                break;
            default:
                PlainDots.Run(layer, input, bases, pixels, sums, stride);
                break;
        }
    }
}
