namespace AdaQat.Runtime;

/// <summary>Integers are kept.</summary>
internal sealed unsafe class StoreSink(Slot slot, int channels) : Sink(slot)
{
    public override void Take(RunState state, int first, int count, int* tile, int stride)
    {
        var into = (int*)state.At(Slot) + ((long)first * channels);
        for (var pixel = 0; pixel < count; pixel++, into += channels, tile += stride)
        {
            new ReadOnlySpan<int>(tile, channels).CopyTo(new Span<int>(into, channels));
        }
    }
}
