namespace AdaQat.Runtime;

/// <summary>All bytes of a stream, as many as there are, whatever it says of its length.</summary>
internal static class StreamBytes
{
    public static ReadOnlyMemory<byte> All(Stream stream)
    {
        var (bytes, count) = (new byte[4096], 0);
        while (true)
        {
            var read = stream.Read(bytes, count, bytes.Length - count);
            if (read == 0)
            {
                return bytes.AsMemory(0, count);
            }

            count += read;
            if (count > FileFormat.MaxBytes)
            {
                throw new IntegerModelException($"The file is longer than {FileFormat.MaxBytes} bytes, the most that is allowed.");
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, 2 * bytes.Length);
            }
        }
    }
}
