namespace AdaQat.Runtime;

/// <summary>Sums over windows.</summary>
internal sealed unsafe class PoolProducer(Slot slot, NumberType type, WindowPlaces places, int channels, KernelKind kind)
    : Producer(places.Count, channels)
{
    public override IEnumerable<Slot> Slots => [slot];

    public override void Fill(RunState state, int first, int count, int* tile)
    {
        var from = state.At(slot);
        for (var place = first; place < first + count; place++, tile += Stride)
        {
            new Span<int>(tile, Channels).Clear();
            for (var tap = 0; tap < places.Taps; tap++)
            {
                var element = places.Element(place, tap);
                if (element < 0)
                {
                    continue;
                }

                if (type is Codes codes)
                {
                    Widening.Codes(kind, from + (element * Channels), Channels, codes.Multiplier, codes.Offset, tile, adds: true);
                }
                else
                {
                    Widening.Integers(kind, (int*)from + (element * Channels), Channels, 1, tile, adds: true);
                }
            }
        }
    }
}
