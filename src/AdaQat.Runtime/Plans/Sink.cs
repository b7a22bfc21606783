namespace AdaQat.Runtime;

/// <summary>What becomes of the integers of some pixels, and where it goes.</summary>
internal abstract unsafe class Sink(Slot slot)
{
    /// <summary>Where it goes.</summary>
    public Slot Slot { get; } = slot;

    public abstract void Take(RunState state, int first, int count, int* tile, int stride);
}
