using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace AdaQat.Checkpoints;

/// <summary>Writes a safetensors file: the length of the header (8 bytes, little-endian), the header, the tensors' data.</summary>
internal static class SafeTensorsWriter
{
    private const int ChunkBytes = 1 << 24;

    public static void Check(IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        foreach (var (name, tensor) in tensors)
        {
            if (name == SafeTensorsHeader.MetadataName)
            {
                throw new ArgumentException($"A tensor is named '{name}'; the format keeps that for the metadata.", nameof(tensors));
            }
            if (tensor is null) throw new ArgumentException($"The tensor '{name}' is null.", nameof(tensors));
            if (!SafeTensorsDtype.Has(tensor.dtype))
            {
                throw new ArgumentException(
                    $"The tensor '{name}' is of {tensor.dtype}; the file format has {SafeTensorsDtype.Types}.", nameof(tensors));
            }
        }
        foreach (var (key, value) in metadata)
        {
            if (key == ContentSeal.Key)
            {
                throw new ArgumentException($"The metadata have a key '{key}'; that one is the file's own checksum.", nameof(metadata));
            }
            if (value is null) throw new ArgumentException($"The metadata '{key}' are null.", nameof(metadata));
        }
    }

    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, torch.Tensor> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        var header = SafeTensorsHeader.For(tensors, metadata);
        var json = header.ToJson();
        if (json.Length > SafeTensorsHeader.LongestHeader)
        {
            throw new ArgumentException($"The header would take {json.Length} bytes; allowed are {SafeTensorsHeader.LongestHeader}.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        Put(length);
        Put(json);
        foreach (var entry in header.Entries) PutData(tensors[entry.Name]);

        stream.Position = sizeof(long) + ContentSeal.HeaderStart.Length;
        stream.Write(Encoding.ASCII.GetBytes(ContentSeal.Digits(hash)));

        void Put(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            hash.AppendData(bytes);
        }

        // One tensor at a time is brought to the CPU and made contiguous; in pieces, because a span ends at 2 GiB.
        void PutData(torch.Tensor tensor)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            var flat = tensor.detach().cpu().contiguous().reshape(-1);
            var elements = flat.numel();
            var chunk = ChunkBytes / SafeTensorsDtype.SizeOf(tensor.dtype);
            for (long start = 0; start < elements; start += chunk)
            {
                using var piece = flat.narrow(0, start, Math.Min(chunk, elements - start));
                Put(piece.bytes);
            }
        }
    }
}
