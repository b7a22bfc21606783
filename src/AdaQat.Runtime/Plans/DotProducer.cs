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
    private readonly int[] _rests;
    private readonly int[] _initial;

    public DotProducer(
        LayerShape shape, LayerPlaces places, IntegerWeights weights, SplitWeights split, Codes codes, KernelKind kind)
        : base(shape.Pixels, shape.Outputs)
    {
        (_places, _kind, _factor) = (places, kind, split.Factor);
        _perGroup = shape.Outputs / shape.Groups;

        // Where weights are split, one more output sums the bytes themselves. Groups are written in their order, the last lanes of one
        // under the first of the next, so that the last one needs room.
        _stride = ((shape.Outputs + (split.Splits ? 1 : 0) + 15) / 16 * 16) + (shape.Groups > 1 ? 16 : 0);
        _initial = Constants.Of(weights, codes);
        _rests = split.Splits ? [.. Enumerable.Range(0, shape.Outputs).Select(split.Rest)] : [];

        // Taps of a row lie one behind the other where every channel is read and none is left out between them.
        var merges = shape.Groups == 1 && shape.Dilation.Horizontal == 1;
        var (taps, length) = merges ? (shape.Size.Vertical, shape.Size.Horizontal * shape.Channels) : (shape.Taps, shape.PerGroup);
        var perTap = merges ? shape.Size.Horizontal : 1;
        _groups = new DotLayer[shape.Groups];
        for (var group = 0; group < shape.Groups; group++)
        {
            var (first, channel) = (group * _perGroup, group * shape.PerGroup);
            var starts = Enumerable.Range(0, taps).Select(tap => places.Start(tap * perTap) + channel).ToArray();
            sbyte Weight(int output, int run, int at)
            {
                if (output == _perGroup)
                {
                    return 1;
                }

                var (tap, c) = Math.DivRem(at, shape.PerGroup);
                return split.Byte(first + output, (places.WeightTap((run * perTap) + tap) * shape.PerGroup) + c);
            }

            _groups[group] = new(starts, [.. starts.Select(_ => length)], _perGroup + (split.Splits ? 1 : 0), Weight,
                split.Splits ? [] : _initial[first..(first + _perGroup)],
                pairsFit: 2 * codes.Multiplier * codes.MaxCode * split.Largest <= short.MaxValue);
        }
    }

    public override int Stride => _stride;

    public override IEnumerable<Slot> Slots => _places.Slots;

    public override long WeightBytes => _groups.Sum(group => group.Bytes);

    public override void Prepare(RunState state) => _places.Image?.Make(state);

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        var input = _places.Address(state);
        for (var group = 0; group < _groups.Length; group++)
        {
            Dots.Run(_kind, _groups[group], input, _places.Bases.Pointer + first, count, tile + (group * _perGroup), _stride);
        }

        if (_rests.Length > 0)
        {
            Join(tile, count);
        }
    }

    /// <summary>Σ a · w = factor · Σ u · v + rest · Σ u + offset · Σ w.</summary>
    private void Join(int* tile, int count)
    {
        for (var pixel = 0; pixel < count; pixel++, tile += _stride)
        {
            var sum = tile[_rests.Length];
            for (var m = 0; m < _rests.Length; m++)
            {
                tile[m] = (_factor * tile[m]) + (_rests[m] * sum) + _initial[m];
            }
        }
    }
}
