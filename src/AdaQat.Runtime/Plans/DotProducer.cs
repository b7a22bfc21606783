using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>A layer's accumulators by dot products of bytes.</summary>
internal sealed unsafe class DotProducer : Producer
{
    private readonly LayerPlaces _places;
    private readonly DotLayer[] _groups;
    private readonly KernelKind _kind;
    private readonly int _perGroup;
    private readonly int _stride;
    private readonly int _factor;
    private readonly ByteSums? _sums;
    private readonly Pinned<int> _rests;
    private readonly Pinned<int> _initial;

    public DotProducer(
        LayerShape shape, LayerPlaces places, IntegerWeights weights, SplitWeights split, Codes codes, KernelKind kind)
        : base(shape.Pixels, shape.Outputs)
    {
        (_places, _kind, _factor, Work) = (places, kind, split.Factor, shape.Macs);
        _perGroup = shape.Outputs / shape.Groups;

        // Groups are written in their order, the last lanes of one under the first of the next, so that the last one needs room.
        _stride = ((shape.Outputs + 15) / 16 * 16) + (shape.Groups > 1 ? 16 : 0);
        var constants = Constants.Of(weights, codes);
        (_initial, _rests) = (new(_stride), new(_stride));
        constants.CopyTo(_initial.Span);
        for (var m = 0; m < shape.Outputs; m++)
        {
            _rests.Span[m] = split.Rest(m);
        }

        // Taps of a row lie one behind the other where every channel is read and none is left out between them.
        var merges = shape.Groups == 1 && shape.Dilation.Horizontal == 1;
        var (taps, length) = merges ? (shape.Size.Vertical, shape.Size.Horizontal * shape.Channels) : (shape.Taps, shape.PerGroup);
        var perTap = merges ? shape.Size.Horizontal : 1;
        _groups = new DotLayer[shape.Groups];
        for (var group = 0; group < shape.Groups; group++)
        {
            var (first, channel) = (group * _perGroup, group * shape.PerGroup);
            var starts = Enumerable.Range(0, taps).Select(tap => places.Start(tap * perTap) + channel).ToArray();
            int[] lengths = [.. starts.Select(_ => length)];
            _sums = split.Splits ? new(starts, lengths) : null;
            sbyte Weight(int output, int run, int at)
            {
                var (tap, c) = Math.DivRem(at, shape.PerGroup);
                return split.Byte(first + output, (places.WeightTap((run * perTap) + tap) * shape.PerGroup) + c);
            }

            _groups[group] = new(starts, lengths, _perGroup, Weight, split.Splits ? [] : constants[first..(first + _perGroup)],
                shape.MostByte(codes));
        }
    }

    public override int Stride => _stride;

    public override IEnumerable<Slot> Slots => _places.Slots;

    public override long Work { get; }

    public override long WeightBytes => _groups.Sum(group => group.Bytes);

    public override void Prepare(RunState state) => _places.Image?.Make(state);

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        var input = _places.Address(state);
        for (var group = 0; group < _groups.Length; group++)
        {
            Dots.Run(_kind, _groups[group], input, _places.Bases.Pointer + first, count, tile + (group * _perGroup), _stride);
        }

        if (_sums is not null)
        {
            Join(input, first, count, tile, _sums);
        }
    }

    /// <summary>Σ a · w = factor · Σ u · v + rest · Σ u + offset · Σ w.</summary>
    private void Join(byte* input, int first, int count, int* tile, ByteSums sums)
    {
        for (var pixel = 0; pixel < count; pixel++, tile += _stride)
        {
            var sum = sums.Of(_kind, input + _places.Bases.Pointer[first + pixel]);
            for (var m = 0; m < _stride; m += 4)
            {
                var joined = (Vector128.Load(tile + m) * _factor) + (Vector128.Load(_rests.Pointer + m) * sum)
                    + Vector128.Load(_initial.Pointer + m);
                joined.Store(tile + m);
            }
        }
    }
}
