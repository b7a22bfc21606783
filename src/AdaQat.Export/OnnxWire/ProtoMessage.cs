using System.Text;

namespace AdaQat.Export;

/// <summary>
/// A message of protocol buffers while it is put together, and its encoding: fields in the order in which they were added. Nested messages
/// are counted before they are written, so that nothing is held twice in memory.
/// </summary>
/// <remarks>
/// A field is a varint of (number · 8 + wire type), then a varint (type 0), eight bytes (1), a length and as many bytes (2), or four bytes
/// (5). Every field of ONNX that this library writes is one of these.
/// </remarks>
internal sealed class ProtoMessage
{
    private const int VarintType = 0, LengthType = 2, FixedType = 5;
    private readonly List<Field> _fields = [];

    /// <summary>How many bytes the encoding has.</summary>
    public long Size => _fields.Sum(part => part.Size);

    public void Add(int number, long value) => _fields.Add(new(number, VarintType, Varint((ulong)value)));

    public void Add(int number, float value)
    {
        var bytes = new byte[sizeof(float)];
        System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _fields.Add(new(number, FixedType, bytes));
    }

    public void Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public void Add(int number, ReadOnlyMemory<byte> bytes) => _fields.Add(new(number, LengthType, bytes));

    public void Add(int number, ProtoMessage message) => _fields.Add(new(number, LengthType, default, message));

    public void AddAll(int number, IEnumerable<long> values)
    {
        foreach (var value in values)
        {
            Add(number, value);
        }
    }

    public void WriteTo(Stream stream)
    {
        foreach (var field in _fields)
        {
            stream.Write(field.Head);
            field.Message?.WriteTo(stream);
            stream.Write(field.Bytes.Span);
        }
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private sealed class Field(int number, int wireType, ReadOnlyMemory<byte> bytes, ProtoMessage? message = null)
    {
        private readonly byte[] _key = Varint((ulong)((number << 3) | wireType));
        private long? _length;

        public ProtoMessage? Message => message;

        public ReadOnlyMemory<byte> Bytes => bytes;

        /// <summary>What comes before the field's content: its key, and its length if it has one.</summary>
        public byte[] Head => wireType == LengthType ? [.. _key, .. Varint((ulong)Length)] : _key;

        public long Size => Head.Length + Length;

        /// <summary>Counted once: a message has its final fields when it is added.</summary>
        private long Length => _length ??= message?.Size ?? bytes.Length;
    }
}
