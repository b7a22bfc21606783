using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AdaQat.Checkpoints;

/// <summary>
/// Checks a whole file: sizes, header, checksum. What is wrong is told as a <see cref="CheckpointException"/> without the file's name.
/// </summary>
internal static class SafeTensorsVerifier
{
    private const int ChunkBytes = 1 << 20;

    public static SafeTensorsHeader Verify(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        if (stream.Length < length.Length)
        {
            throw new CheckpointException($"it has {stream.Length} bytes; expected are {length.Length} for the header's length alone");
        }
        stream.ReadExactly(length);

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        var rest = stream.Length - length.Length;
        if (headerLength > (ulong)rest || headerLength > SafeTensorsHeader.LongestHeader)
        {
            throw new CheckpointException(
                $"its header is said to have {headerLength} bytes; {rest} follow, and allowed are {SafeTensorsHeader.LongestHeader}");
        }

        var json = new byte[headerLength];
        stream.ReadExactly(json);
        var stored = TakeSeal(json);
        var header = SafeTensorsHeaderParser.Parse(json);
        var dataLength = rest - json.Length;
        if (header.DataByteCount != dataLength)
        {
            throw new CheckpointException($"it has {dataLength} bytes of tensor data; expected are {header.DataByteCount}");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(json);
        AppendRest(hash, stream);
        var actual = ContentSeal.Digits(hash);
        if (stored != actual)
        {
            throw new CheckpointException($"its content has the checksum {actual}; expected is {stored}");
        }
        return header;
    }

    /// <summary>Takes the checksum out of a header, leaving the blank that it was computed with.</summary>
    private static string TakeSeal(byte[] json)
    {
        var start = ContentSeal.HeaderStart;
        if (!json.AsSpan().StartsWith(start) || json.Length < start.Length + ContentSeal.Length)
        {
            throw new CheckpointException($"its header does not begin with the checksum '{ContentSeal.Key}'");
        }

        var digits = json.AsSpan(start.Length, ContentSeal.Length);
        var seal = Encoding.Latin1.GetString(digits);
        Encoding.ASCII.GetBytes(ContentSeal.Blank, digits);
        return seal;
    }

    private static void AppendRest(IncrementalHash hash, Stream stream)
    {
        var buffer = new byte[ChunkBytes];
        for (int count; (count = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, count);
    }
}
