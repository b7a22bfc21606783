using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Numbers of one image in the reference: codes and integers in 64 bits, or floats.</summary>
internal sealed class ReferenceTensor
{
    private readonly long[] _stored;
    private readonly float[] _floats;

    public ReferenceTensor(Shape shape, NumberType type)
    {
        Shape = shape;
        Type = type;
        _stored = type is Floats ? [] : new long[shape.ElementCount];
        _floats = type is Floats ? new float[shape.ElementCount] : [];
    }

    public Shape Shape { get; }

    public NumberType Type { get; }

    /// <summary>Codes, or integers, as they are stored.</summary>
    public Span<long> Stored => _stored;

    public Span<float> Floats => _floats;

    /// <summary>How many channels: the size of the last axis.</summary>
    public int Channels => Shape.Rank == 0 ? 1 : (int)Shape[Shape.Rank - 1];

    /// <summary>The integer that an element stands for.</summary>
    public long Integer(long index) => Type.Integer(_stored[index]);

    /// <summary>Takes an element of another tensor of the same type.</summary>
    public void Take(long index, ReferenceTensor from, long other)
    {
        if (Type is Floats)
        {
            _floats[index] = from._floats[other];
        }
        else
        {
            _stored[index] = from._stored[other];
        }
    }
}
