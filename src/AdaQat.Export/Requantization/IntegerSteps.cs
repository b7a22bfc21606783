using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// Codes along the integers Min to Max: the first one, and from From[i] on Codes[i + 1]. They may rise and fall.
/// </summary>
internal sealed record IntegerSteps(long[] From, int[] Codes, long Min, long Max)
{
    /// <summary>How much codes rise, from Min to Max, all rises added.</summary>
    public int Rises => Jumps(1).Sum(jump => jump.Size);

    /// <summary>How much they fall.</summary>
    public int Falls => Jumps(-1).Sum(jump => jump.Size);

    /// <summary>The rule of a channel whose codes rise or fall, not both.</summary>
    public ChannelRule Rule(int maxCode)
    {
        if (From.Length == 0)
        {
            return new Rescale(0, Codes[0], 0);
        }

        if (Falls == 0)
        {
            return Stored(maxCode, [.. Enumerable.Repeat(Min, Codes[0]), .. Places(1)], Max + 1, false);
        }

        // Falling: code j + 1 up to the last integer before the fall to j or less.
        return Stored(
            maxCode, [.. Enumerable.Repeat(Max, Codes[^1]), .. Places(-1).Reverse().Select(place => place - 1)], Min - 1, true);
    }

    /// <summary>How far codes have risen (sign 1), or fallen (sign −1), at an integer, as codes of a rule.</summary>
    public Thresholds Total(int sign, int maxCode) => Stored(maxCode, Places(sign), Max + 1, false);

    /// <summary>In which of the stretches an integer is, as codes of a rule.</summary>
    public Thresholds Stretches(int maxCode) => Stored(maxCode, From, Max + 1, false);

    private static Thresholds Stored(int count, long[] places, long never, bool descending)
    {
        var padded = places.Concat(Enumerable.Repeat(never, count - places.Length));
        return new([.. padded.Select(place => (int)Math.Clamp(place, int.MinValue, int.MaxValue))], descending);
    }

    private long[] Places(int sign) => [.. Jumps(sign).SelectMany(jump => Enumerable.Repeat(jump.Place, jump.Size))];

    private IEnumerable<(long Place, int Size)> Jumps(int sign) =>
        From.Select((place, i) => (place, sign * (Codes[i + 1] - Codes[i]))).Where(jump => jump.Item2 > 0);
}
