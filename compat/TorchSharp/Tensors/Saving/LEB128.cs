namespace TorchSharp.Utils;

/// <summary>
/// Whole numbers in seven-bit groups, the lowest first; the eighth bit says that more follow. It is how <see cref="BinaryWriter"/>
/// writes the length of a string.
/// </summary>
internal static class LEB128
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        writer.Write7BitEncodedInt64(value);
    }

    public static long Decode(this BinaryReader reader) => reader.Read7BitEncodedInt64();
}
