namespace AdaQat.Runtime;

/// <summary>Codes of k bits one behind the other, the lowest bit first.</summary>
internal static class BitPacking
{
    public static long Bytes(long count, int bits) => ((count * bits) + 7) / 8;

    public static void Pack(ReadOnlySpan<byte> codes, int bits, Span<byte> into)
    {
        into.Clear();
        var bit = 0L;
        foreach (var code in codes)
        {
            var (place, shift) = ((int)(bit / 8), (int)(bit % 8));
            into[place] |= (byte)(code << shift);
            if (shift + bits > 8)
            {
                into[place + 1] |= (byte)(code >> (8 - shift));
            }

            bit += bits;
        }
    }

    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        var (bit, mask) = (0L, (1 << bits) - 1);
        for (var i = 0; i < codes.Length; i++, bit += bits)
        {
            var (place, shift) = ((int)(bit / 8), (int)(bit % 8));
            var two = packed[place] | (shift + bits > 8 ? packed[place + 1] << 8 : 0);
            codes[i] = (byte)((two >> shift) & mask);
        }
    }
}
