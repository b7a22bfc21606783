namespace AdaQat.Training;

/// <summary>
/// A stream of random numbers that is a function of its keys alone (SplitMix64, Steele et al. 2014), apart from torch's generator: what an
/// epoch does to its 700th image is found again without drawing for the 699 before it, so a run resumes to the bit.
/// </summary>
/// <remarks>
/// Begin with a number of your own for what the stream is for, 2 and above, so that it has nothing in common with another's:
/// <code>var random = new KeyedRandom(2, seed, epoch, place);</code>
/// The default value is the stream without keys. <see cref="IndexedBatches"/> begins with 1.
/// </remarks>
public struct KeyedRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <param name="keys">What the stream follows from, in this order.</param>
    public KeyedRandom(params ReadOnlySpan<long> keys)
    {
        foreach (var key in keys)
        {
            _state = Mix(_state + Increment ^ (ulong)key);
        }
    }

    /// <summary>Sixty-four random bits.</summary>
    public ulong NextUInt64()
    {
        _state += Increment;
        return Mix(_state);
    }

    /// <summary>An integer from 0 up to, not including, <paramref name="bound"/>.</summary>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>True half the times.</summary>
    public bool NextBoolean() => (NextUInt64() >> 63) != 0;

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>A number between the two.</summary>
    /// <param name="low">The least.</param>
    /// <param name="high">The bound, not included.</param>
    public float NextSingle(float low, float high)
    {
        var value = low + ((high - low) * NextSingle());
        // Rounding may reach the bound.
        return value < high || low >= high ? value : MathF.BitDecrement(high);
    }

    /// <summary>The numbers from 0 up to, not including, <paramref name="count"/>, in random order.</summary>
    /// <param name="count">At least 0.</param>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = NextInt32(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
