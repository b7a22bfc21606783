using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// The magnitude of a given rank in a dense float32 tensor on the CPU, found without a copy of it: kthvalue of the absolute values,
/// exactly.
/// </summary>
/// <remarks>
/// Without its sign, a float's bit pattern read as a number orders as the magnitudes do, NaN above all. One pass counts by the upper half
/// of the pattern, a second one by the lower half, among those that share the upper half of the one sought.
/// </remarks>
internal static unsafe class MagnitudeRank
{
    private const int HalfBits = 16;
    private const uint LowerHalf = (1u << HalfBits) - 1;
    private const uint NoSign = 0x7FFF_FFFF;

    /// <summary>Whether this serves a tensor: not one of more elements than a span has.</summary>
    public static bool Serves(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.numel() <= int.MaxValue && DenseMemory.Serves(tensor);

    /// <param name="tensor">At least one element.</param>
    /// <param name="rank">1 for the smallest magnitude, up to the number of elements.</param>
    public static float Find(Tensor tensor, long rank)
    {
        using var memory = new DenseMemory<uint>(tensor);
        var patterns = new ReadOnlySpan<uint>(memory.From(0), (int)tensor.numel());
        var counts = new int[1 << HalfBits];
        foreach (var pattern in patterns)
        {
            counts[(pattern & NoSign) >> HalfBits]++;
        }

        var (upper, below) = Place(counts, rank);
        Array.Clear(counts);
        foreach (var pattern in patterns)
        {
            if ((pattern & NoSign) >> HalfBits == upper)
            {
                counts[pattern & LowerHalf]++;
            }
        }

        var (lower, _) = Place(counts, rank - below);
        return BitConverter.UInt32BitsToSingle((upper << HalfBits) | lower);
    }

    /// <summary>The place where the counts, added up, reach the rank, and their sum before it.</summary>
    private static (uint Place, long Below) Place(int[] counts, long rank)
    {
        var below = 0L;
        var place = 0u;
        while (below + counts[place] < rank)
        {
            below += counts[place++];
        }

        return (place, below);
    }
}
