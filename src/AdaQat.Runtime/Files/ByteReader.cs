using System.Buffers.Binary;
using System.Text;
using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Numbers of bytes. Nothing is believed: before anything is made of a count, as many bytes are known to be there, so that what a file
/// makes a reader allocate is bounded by the file.
/// </summary>
internal sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private int _place;

    public int Left => bytes.Length - _place;

    public ulong Unsigned()
    {
        ulong number = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return next == 0 && shift > 0 ? throw Fault("a number has more bytes than it needs") : number;
            }
        }

        throw Fault("a number has more than 64 bits");
    }

    public long Signed()
    {
        var folded = Unsigned();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    /// <summary>A number from one to another.</summary>
    public long Unsigned(long min, long max, string what)
    {
        var number = Unsigned();
        return number >= (ulong)min && number <= (ulong)max ? (long)number
            : throw Fault($"{what} is {number}; allowed are {min} to {max}");
    }

    /// <summary>A number with a sign that has 32 bits.</summary>
    public int Signed32(string what)
    {
        var number = Signed();
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Fault($"{what} is {number}, which 32 bits don't hold");
    }

    /// <summary>How many of something there are, each of which takes so many bytes at least.</summary>
    public int Count(string what, int bytesEach = 1) => (int)Unsigned(0, Left / bytesEach, $"the number of {what}");

    public byte Byte() => Bytes(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Fault($"a flag is {other}; allowed are 0 and 1"),
    };

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(8));

    public string Text()
    {
        try
        {
            return Strict.GetString(Bytes(Count("characters")));
        }
        catch (DecoderFallbackException fault)
        {
            throw new IntegerModelException("The file is damaged: a name is no text.", fault);
        }
    }

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Fault($"it ends where {count} bytes are expected");
        }

        _place += (int)count;
        return bytes.Span.Slice(_place - (int)count, (int)count);
    }

    public byte[] Packed(long count, int bits)
    {
        var packed = Bytes(BitPacking.Bytes(count, bits));
        var codes = new byte[count];
        BitPacking.Unpack(packed, bits, codes);
        return codes;
    }

    public EquatableList<long> Each(string what)
    {
        var numbers = new long[Count(what)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Unsigned(0, uint.MaxValue, what);
        }

        return [.. numbers];
    }

    /// <summary>What is wrong with the file.</summary>
    public IntegerModelException Fault(string what) => new($"The file is damaged: at byte {_place} of its content, {what}.");
}
