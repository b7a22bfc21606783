namespace AdaQat.Runtime;

/// <summary>
/// Integers are made and become what their readers need, some pixels at a time, so that they stay in the cache. Threads may share the
/// tiles.
/// </summary>
internal sealed unsafe class TileStep : Step
{
    /// <summary>From how many multiplications on, a few microseconds, threads share a step: they have to meet before and after.</summary>
    public const long WorthSharing = 1_000_000;

    private const int TileBytes = 16384;
    private readonly Producer _producer;
    private readonly Sink[] _sinks;
    private readonly Slot _tile;
    private readonly int _pixels;

    public TileStep(Producer producer, Sink[] sinks)
    {
        (_producer, _sinks) = (producer, sinks);

        // Kernels take up to eight pixels at a time. What is worth sharing has some tiles.
        var most = producer.Work >= WorthSharing ? (producer.Pixels + 3) / 4 : producer.Pixels;
        _pixels = Math.Min(producer.Pixels, Math.Max(8, Math.Min((most + 7) / 8 * 8, TileBytes / 4 / producer.Stride / 8 * 8)));
        _tile = new(4L * _pixels * producer.Stride) { IsScratch = true };
        Tiles = (producer.Pixels + _pixels - 1) / _pixels;
    }

    public override IEnumerable<Slot> Slots => [.. _producer.Slots, .. _sinks.Select(sink => sink.Slot), _tile];

    public override long WeightBytes => _producer.WeightBytes;

    /// <summary>About how many multiplications it is worth.</summary>
    public long Work => _producer.Work;

    /// <summary>How many tiles there are.</summary>
    public int Tiles { get; }

    public override void Run(RunState state)
    {
        Prepare(state);
        for (var tile = 0; tile < Tiles; tile++)
        {
            RunTile(state, tile);
        }
    }

    /// <summary>What comes before all tiles.</summary>
    public void Prepare(RunState state) => _producer.Prepare(state);

    /// <summary>A tile, which no other needs.</summary>
    public void RunTile(RunState state, int number)
    {
        var (first, tile) = (number * _pixels, (nint)state.At(_tile));
        var count = Math.Min(_pixels, _producer.Pixels - first);
        _producer.Fill(state, first, count, (int*)tile);
        foreach (var sink in _sinks)
        {
            sink.Take(state, first, count, (int*)tile, _producer.Stride);
        }
    }
}
