namespace AdaQat;

/// <summary>What is stored of a quantized weight: its codes, and the numbers that say what they stand for.</summary>
/// <param name="Scales">How many scales, as float32, 0 and more: 1 for the whole tensor, or one for each channel or group.</param>
/// <param name="ZeroPoints">How many zero points, each of the weight's own width, 0 and more.</param>
/// <param name="HasLevels">Whether there is a table of 2^n float32 levels in place of each scale.</param>
public sealed record WeightStorage(long Scales, long ZeroPoints = 0, bool HasLevels = false)
{
    /// <summary>The bytes of a weight at a width: codes and zero points packed, each rounded up to bytes, and 4 for each number.</summary>
    /// <param name="elements">Elements of the weight.</param>
    /// <param name="bits">n; <see cref="BitWidth.FloatBits"/> for a weight in float, which needs nothing beside it.</param>
    public double Bytes(long elements, int bits) => bits == BitWidth.FloatBits
        ? elements * 4.0
        : Packed(elements, bits) + Packed(ZeroPoints, bits) + (4.0 * Scales * (HasLevels ? 1L << bits : 1));

    private static double Packed(long count, int bits) => Math.Ceiling(count * (double)bits / 8);
}
