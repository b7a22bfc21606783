namespace ResNet20Cifar.Data;

/// <summary>
/// A stream of random numbers that is a function of its keys alone (SplitMix64, Steele et al. 2014), apart from torch's generator: what an
/// epoch does to its 700th image is found again without drawing for the 699 before it.
/// </summary>
public struct KeyedRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;

    public KeyedRandom(params ReadOnlySpan<long> keys)
    {
        foreach (var key in keys)
        {
            _state = Mix(_state + Increment ^ (ulong)key);
        }
    }

    public ulong NextUInt64()
    {
        _state += Increment;
        return Mix(_state);
    }

    /// <summary>An integer from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int NextInt32(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    public bool NextBoolean() => (NextUInt64() >> 63) != 0;

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>A number between the two.</summary>
    public float NextSingle(float low, float high) => low + (high - low) * NextSingle();

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
