namespace AdaQat.Export;

/// <summary>What real number an integer of a channel stands for: clamp(Slope · integer + Shift, Low, High); null does not bound.</summary>
internal sealed record ChannelMap(Rational Slope, Rational Shift, Rational? Low = null, Rational? High = null)
{
    public bool IsAffine => Low is null && High is null;

    public Rational Of(Rational integer) => Bounded((Slope * integer) + Shift);

    /// <summary>factor · this + term. A negative factor turns the bounds around.</summary>
    public ChannelMap Then(Rational factor, Rational term)
    {
        var (low, high) = factor.Sign < 0 ? (High, Low) : (Low, High);
        return new(Slope * factor, (Shift * factor) + term, (low * factor) + term, (high * factor) + term);
    }

    /// <summary>This, bounded.</summary>
    public ChannelMap Clamped(Rational? low, Rational? high)
    {
        // Clamping twice is clamping once to the first bounds as the second ones see them.
        Rational? Seen(Rational? bound) => bound is not { } value ? null
            : low is { } least && value < least ? least
            : high is { } most && value > most ? most : value;

        return this with { Low = Seen(Low) ?? low, High = Seen(High) ?? high };
    }

    private Rational Bounded(Rational value)
    {
        value = Low is { } low && value < low ? low : value;
        return High is { } high && value > high ? high : value;
    }
}
