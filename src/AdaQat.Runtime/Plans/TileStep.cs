namespace AdaQat.Runtime;

/// <summary>Integers are made and become what their readers need, some pixels at a time, so that they stay in the cache.</summary>
internal sealed unsafe class TileStep : Step
{
    private const int TileBytes = 16384;
    private readonly Producer _producer;
    private readonly Sink[] _sinks;
    private readonly Slot _tile;
    private readonly int _pixels;

    public TileStep(Producer producer, Sink[] sinks)
    {
        (_producer, _sinks) = (producer, sinks);

        // Kernels take four pixels at a time.
        _pixels = Math.Min(producer.Pixels, Math.Max(4, TileBytes / 4 / producer.Stride / 4 * 4));
        _tile = new(4L * _pixels * producer.Stride);
    }

    public override IEnumerable<Slot> Slots => [.. _producer.Slots, .. _sinks.Select(sink => sink.Slot), _tile];

    public override long WeightBytes => _producer.WeightBytes;

    public override void Run(RunState state)
    {
        _producer.Prepare(state);
        var tile = (int*)state.At(_tile);
        for (var first = 0; first < _producer.Pixels; first += _pixels)
        {
            var count = Math.Min(_pixels, _producer.Pixels - first);
            _producer.Fill(state, first, count, tile);
            foreach (var sink in _sinks)
            {
                sink.Take(state, first, count, tile, _producer.Stride);
            }
        }
    }
}
