using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AdaQat.Runtime;

/// <summary>Numbers as bytes: whole ones in as many groups of seven bits as they need, those with a sign folded to ones without.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Unsigned(ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            Byte((byte)(number | 0x80));
        }

        Byte((byte)number);
    }

    public void Unsigned(long number) => Unsigned((ulong)number);

    public void Signed(long number) => Unsigned((ulong)((number << 1) ^ (number >> 63)));

    public void Byte(byte number)
    {
        _bytes.GetSpan(1)[0] = number;
        _bytes.Advance(1);
    }

    public void Flag(bool flag) => Byte(flag ? (byte)1 : (byte)0);

    public void Single(float number)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), number);
        _bytes.Advance(4);
    }

    public void Double(double number)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), number);
        _bytes.Advance(8);
    }

    public void Text(string text)
    {
        Unsigned(Encoding.UTF8.GetByteCount(text));
        Bytes(Encoding.UTF8.GetBytes(text));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Packed(ReadOnlySpan<byte> codes, int bits)
    {
        var count = (int)BitPacking.Bytes(codes.Length, bits);
        BitPacking.Pack(codes, bits, _bytes.GetSpan(count)[..count]);
        _bytes.Advance(count);
    }

    public void Each(IReadOnlyCollection<long> numbers)
    {
        Unsigned(numbers.Count);
        foreach (var number in numbers)
        {
            Unsigned(number);
        }
    }
}
