using System.Numerics;

namespace AdaQat.Runtime;

/// <summary>
/// The frame of a file: eight bytes that say what it is, four with the version, eight with the length of what follows, four with its
/// CRC-32C; then the nodes.
/// </summary>
internal static class FileFormat
{
    public const int HeaderBytes = 24;

    /// <summary>The version that is written, and the only one that is read.</summary>
    public const uint Version = 1;

    /// <summary>The longest file that is read.</summary>
    public const long MaxBytes = 1 << 30;

    public static ReadOnlySpan<byte> Magic => "AdaQatI\n"u8;

    /// <summary>CRC-32C, by the processor's instruction where it has one.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc = BitOperations.Crc32C(crc, each);
        }

        return ~crc;
    }
}
