namespace AdaQat.Export;

/// <summary>
/// What real number an integer of a channel stands for: clamp(Slope · u + Shift, Low, High); null does not bound. u is the integer, or what
/// a curve makes of it.
/// </summary>
internal sealed record ChannelMap(Rational Slope, Rational Shift, Rational? Low = null, Rational? High = null, Curve? Curve = null)
{
    public static ChannelMap Same { get; } = new(1, 0);

    public bool IsAffine => Low is null && High is null && Curve is null;

    /// <summary>Whether functions in it have one operand each, one behind the other, and a number for every number.</summary>
    public bool IsChain =>
        Curve is null || (Curve.Second is null && Curve.Bends(Curve.OfOne()) is not null && Curve.Inner.IsChain);

    /// <summary>What comes first, of a chain: of integers an affine function, clamped.</summary>
    public ChannelMap Root() => Curve is null ? this : Curve.Inner.Root();

    /// <summary>What comes behind that.</summary>
    public ChannelMap BehindRoot() => Curve is null ? Same : this with { Curve = Curve with { Inner = Curve.Inner.BehindRoot() } };

    public Rational Of(Rational integer) =>
        Bounded((Slope * (Curve is null ? integer : Rational.Of(Curve.At(integer)))) + Shift);

    /// <summary>The same, rounded to a 64-bit float; infinite or no number where a curve in it is.</summary>
    public double NumberOf(Rational integer)
    {
        if (Curve is null)
        {
            return Of(integer).ToDouble();
        }

        var number = Curve.At(integer);
        if (double.IsFinite(number))
        {
            return Bounded((Slope * Rational.Of(number)) + Shift).ToDouble();
        }

        number = (Slope.ToDouble() * number) + Shift.ToDouble();
        return Math.Min(Math.Max(number, Low?.ToDouble() ?? number), High?.ToDouble() ?? double.PositiveInfinity);
    }

    /// <summary>factor · this + term. A negative factor turns the bounds around.</summary>
    public ChannelMap Then(Rational factor, Rational term)
    {
        var (low, high) = factor.Sign < 0 ? (High, Low) : (Low, High);
        return new(Slope * factor, (Shift * factor) + term, (low * factor) + term, (high * factor) + term, Curve);
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
