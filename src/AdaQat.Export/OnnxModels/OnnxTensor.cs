using System.Buffers.Binary;
using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A constant of a model: its name, type, shape and bytes as ONNX has them, little-endian.</summary>
internal sealed record OnnxTensor(string Name, OnnxElement Type, EquatableList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    public static OnnxTensor Floats(string name, IReadOnlyList<long> shape, ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return new(name, OnnxElement.Float, [.. shape], bytes);
    }

    public static OnnxTensor Integers(string name, OnnxElement type, IReadOnlyList<long> shape, ReadOnlySpan<long> values)
    {
        var bits = Bits(type);
        var bytes = new byte[((values.Length * (long)bits) + 7) / 8];
        for (var i = 0; i < values.Length; i++)
        {
            Put(bytes, i, bits, values[i]);
        }

        return new(name, type, [.. shape], bytes);
    }

    public static OnnxTensor Longs(string name, params ReadOnlySpan<long> values) =>
        Integers(name, OnnxElement.Int64, [values.Length], values);

    /// <summary>How many bits an element takes.</summary>
    public static int Bits(OnnxElement type) => type switch
    {
        OnnxElement.UInt2 or OnnxElement.Int2 => 2,
        OnnxElement.UInt4 or OnnxElement.Int4 => 4,
        OnnxElement.UInt8 or OnnxElement.Int8 => 8,
        OnnxElement.Int16 => 16,
        OnnxElement.Int64 => 64,
        _ => 32,
    };

    public ProtoMessage ToProto()
    {
        var message = Head();
        message.Add(9, Bytes);
        return message;
    }

    /// <summary>A tensor whose bytes are in another file.</summary>
    public ProtoMessage ToProto(string file, long offset)
    {
        var message = Head();
        foreach (var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{Bytes.Length}") })
        {
            var entry = new ProtoMessage();
            entry.Add(1, key);
            entry.Add(2, value);
            message.Add(13, entry);
        }

        message.Add(14, 1);
        return message;
    }

    /// <summary>Numbers narrower than a byte are packed, the first in the lowest bits.</summary>
    private static void Put(byte[] bytes, int place, int bits, long value)
    {
        if (bits < 8)
        {
            var perByte = 8 / bits;
            bytes[place / perByte] |= (byte)((value & ((1 << bits) - 1)) << (bits * (place % perByte)));
            return;
        }

        for (var part = 0; part < bits / 8; part++)
        {
            bytes[(place * bits / 8) + part] = (byte)(value >> (8 * part));
        }
    }

    private ProtoMessage Head()
    {
        var message = new ProtoMessage();
        message.AddAll(1, Shape);
        message.Add(2, (long)Type);
        message.Add(8, Name);
        return message;
    }
}
