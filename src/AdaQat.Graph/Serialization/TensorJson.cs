using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace AdaQat.Graph;

/// <summary>
/// A constant in a document: type, shape, the little-endian bytes in base64, in pieces, since no JSON writer takes a string of any length,
/// and the bytes' SHA-256, so that a changed character is seen.
/// </summary>
internal static class TensorJson
{
    /// <summary>A multiple of 3, so that only the last piece is filled up, and of an element's size.</summary>
    private const int PieceBytes = 24 << 20;

    public static void Write(Utf8JsonWriter writer, GraphTensor tensor)
    {
        var bytes = LittleEndian(tensor.Bytes(), tensor.Type);
        writer.WriteStartObject();
        writer.WriteString("type", SnakeCase.Of(tensor.Type));
        writer.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteString("sha256", Hash(bytes));
        writer.WriteStartArray("data");
        for (var start = 0; start < bytes.Length; start += PieceBytes)
        {
            writer.WriteBase64StringValue(bytes.Slice(start, Math.Min(PieceBytes, bytes.Length - start)));
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static GraphTensor Read(JsonElement element)
    {
        var fields = new AttributeReader(element, Read);
        var (type, shape, hash) = (fields.Choice<ElementType>("type", SnakeCase.Of), fields.Shape("shape"), fields.Text("sha256"));
        var pieces = fields.List("data", "a list of texts in base64", piece =>
            piece.ValueKind == JsonValueKind.String && piece.TryGetBytesFromBase64(out var bytes) ? (true, bytes) : (false, []));
        fields.Finish();
        var size = type == ElementType.Float32 ? sizeof(float) : sizeof(double);
        var count = pieces.Sum(piece => (long)piece.Length);
        if (count != shape.ElementCount * size)
        {
            throw new GraphException(
                $"its data are {count} bytes; a constant of type {type} and shape {shape} has {shape.ElementCount * size}.");
        }

        return type == ElementType.Float32
            ? GraphTensor.Of(shape, Elements<float>(pieces, shape, type, hash))
            : GraphTensor.Of(shape, Elements<double>(pieces, shape, type, hash));
    }

    private static ReadOnlySpan<T> Elements<T>(EquatableList<byte[]> pieces, Shape shape, ElementType type, string hash)
        where T : struct
    {
        var values = new T[shape.ElementCount];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        var start = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(bytes[start..]);
            start += piece.Length;
        }

        return Hash(bytes) == hash
            ? MemoryMarshal.Cast<byte, T>(LittleEndian(bytes, type))
            : throw new GraphException($"its data don't have the SHA-256 {hash}, which the document says: they are damaged.");
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>From the machine's order of bytes to the document's, or back.</summary>
    private static ReadOnlySpan<byte> LittleEndian(ReadOnlySpan<byte> bytes, ElementType type)
    {
        if (BitConverter.IsLittleEndian)
        {
            return bytes;
        }

        var swapped = bytes.ToArray();
        if (type == ElementType.Float32)
        {
            var words = MemoryMarshal.Cast<byte, uint>(swapped.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            var words = MemoryMarshal.Cast<byte, ulong>(swapped.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return swapped;
    }
}
