using System.Buffers;
using System.Text.Json;
using TorchSharp;

namespace AdaQat.Checkpoints;

/// <summary>A file's table of contents: the tensors in the order of their data, and the metadata without the checksum.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The name that the format reserves for the metadata.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The largest header that readers of the format accept, in bytes.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>How many bytes of data all tensors have together.</summary>
    public long DataByteCount => Entries.Count == 0 ? 0 : Entries[^1].Offset + Entries[^1].ByteCount;

    /// <summary>Lays out tensors: larger elements first, so that every tensor's data are aligned to its elements, then by name.</summary>
    public static SafeTensorsHeader For(IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new List<SafeTensorsEntry>(tensors.Count);
        long offset = 0;
        var ordered = tensors
            .OrderByDescending(named => SafeTensorsDtype.SizeOf(named.Value.dtype))
            .ThenBy(named => named.Key, StringComparer.Ordinal);
        foreach (var (name, tensor) in ordered)
        {
            var byteCount = tensor.numel() * SafeTensorsDtype.SizeOf(tensor.dtype);
            entries.Add(new SafeTensorsEntry(name, tensor.dtype, tensor.shape, offset, byteCount));
            offset += byteCount;
        }
        return new SafeTensorsHeader(entries, metadata);
    }

    /// <summary>The header's JSON with a blank checksum, padded with spaces so that the data begin at a multiple of 8 bytes.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            json.WriteString(ContentSeal.Key, ContentSeal.Blank);
            foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
            foreach (var entry in Entries) Write(json, entry);
            json.WriteEndObject();
        }

        var padded = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        buffer.WrittenSpan.CopyTo(padded);
        padded.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return padded;
    }

    private static void Write(Utf8JsonWriter json, SafeTensorsEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", SafeTensorsDtype.NameOf(entry.Dtype));
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Offset);
        json.WriteNumberValue(entry.Offset + entry.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
