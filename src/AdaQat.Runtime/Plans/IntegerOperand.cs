using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A value that is read pixel by pixel as integers, broadcast to the result's shape.</summary>
internal sealed unsafe class IntegerOperand
{
    private readonly NumberType _type;
    private readonly int _channels;
    private readonly int[]? _starts;
    private readonly bool _repeats;

    public IntegerOperand(Slot slot, IntegerNode node, Shape result)
    {
        (Slot, _type) = (slot, node.Type);
        _channels = result.Rank == 0 ? 1 : (int)result[result.Rank - 1];
        _repeats = _channels > 1 && (node.Shape.Rank == 0 || node.Shape[node.Shape.Rank - 1] == 1);
        if (node.Shape.ElementCount != result.ElementCount)
        {
            var rows = result.Rank == 0 ? result : result.With(result.Rank - 1, 1);
            _starts = Broadcast.Map(node.Shape.Rank == 0 ? node.Shape : node.Shape.With(node.Shape.Rank - 1, 1), rows);
            var own = node.Shape.Rank == 0 ? 1 : (int)node.Shape[node.Shape.Rank - 1];
            for (var i = 0; i < _starts.Length; i++)
            {
                _starts[i] *= own;
            }
        }
    }

    public Slot Slot { get; }

    /// <summary>Its codes' grid, where it is codes and has the result's shape.</summary>
    public Codes? PlainCodes => _starts is null && !_repeats ? _type as Codes : null;

    /// <summary>into (+)= multiplier · integers of some pixels.</summary>
    public void Read(KernelKind kind, RunState state, int first, int count, int multiplier, int* into, int stride, bool adds)
    {
        var from = state.At(Slot);
        if (_starts is null && stride == _channels)
        {
            Row(kind, from, (long)first * _channels, count * _channels, multiplier, into, adds);
            return;
        }

        for (var pixel = first; pixel < first + count; pixel++, into += stride)
        {
            var start = _starts is null ? (long)pixel * _channels : _starts[pixel];
            if (_repeats)
            {
                int one;
                Row(kind, from, start, 1, multiplier, &one, adds: false);
                for (var c = 0; c < _channels; c++)
                {
                    into[c] = adds ? into[c] + one : one;
                }
            }
            else
            {
                Row(kind, from, start, _channels, multiplier, into, adds);
            }
        }
    }

    private void Row(KernelKind kind, byte* from, long start, int count, int multiplier, int* into, bool adds)
    {
        if (_type is Codes codes)
        {
            Widening.Codes(kind, from + start, count, multiplier * codes.Multiplier, multiplier * codes.Offset, into, adds);
        }
        else
        {
            Widening.Integers(kind, (int*)from + start, count, multiplier, into, adds);
        }
    }
}
