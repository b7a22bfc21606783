using System.Security.Cryptography;

namespace AdaQat.Checkpoints;

/// <summary>The checksum that a file carries over itself, so that one changed, missing or added byte anywhere is noticed.</summary>
/// <remarks>
/// It is the first entry of the header's metadata, at a fixed place: SHA-256, in lower-case hexadecimal digits, of the whole file with
/// zeros in the place of those digits.
/// </remarks>
internal static class ContentSeal
{
    /// <summary>The metadata key of the checksum.</summary>
    public const string Key = "adaqat.sha256";

    /// <summary>The number of digits.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    /// <summary>What the digits are while the checksum is computed.</summary>
    public static readonly string Blank = new('0', Length);

    /// <summary>What a header begins with; the digits follow.</summary>
    public static ReadOnlySpan<byte> HeaderStart => "{\"__metadata__\":{\"adaqat.sha256\":\""u8;

    /// <summary>The digits of a finished hash.</summary>
    public static string Digits(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
