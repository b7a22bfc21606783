namespace AdaQat.Runtime;

/// <summary>What makes integers of 32 bits, some pixels at a time. A pixel is all channels at one place.</summary>
internal abstract unsafe class Producer(int pixels, int channels)
{
    /// <summary>How many pixels there are in all.</summary>
    public int Pixels { get; } = pixels;

    /// <summary>How many channels each has.</summary>
    public int Channels { get; } = channels;

    /// <summary>How far apart two pixels' integers are in a tile: channels, filled up to 16.</summary>
    public virtual int Stride => (Channels + 15) / 16 * 16;

    /// <summary>The values that it reads, and its scratch.</summary>
    public abstract IEnumerable<Slot> Slots { get; }

    /// <summary>The bytes of weights in the kernels' order.</summary>
    public virtual long WeightBytes => 0;

    /// <summary>About how many multiplications it is worth.</summary>
    public virtual long Work => 8L * Pixels * Channels;

    /// <summary>What is done once an image.</summary>
    public virtual void Prepare(RunState state)
    {
    }

    /// <summary>Makes the integers of some pixels.</summary>
    public abstract void Fill(RunState state, int first, int count, int* tile);
}
