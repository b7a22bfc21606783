namespace AdaQat.Search.Spaces;

/// <summary>Channels that are one number: those of one name, or of several whose layers' outputs must agree.</summary>
/// <param name="Keys">The names under which the builder asks for it, in that order.</param>
/// <param name="Default">What the builder takes by default.</param>
/// <param name="Rules">The sizes that follow from it.</param>
internal sealed record ChannelGroup(IReadOnlyList<string> Keys, int Default, IReadOnlyList<SizeRule> Rules)
{
    /// <summary>The first of its names.</summary>
    public string Name => Keys[0];

    /// <summary>Numbers that have to divide a size, as the groups of a convolution do.</summary>
    public required IReadOnlyList<(SizeRule Rule, long Divisor)> Divisors { get; init; }

    /// <summary>Whether a network can have so many.</summary>
    public bool Fits(int channels) =>
        channels >= 1 && Rules.All(rule => rule.Fits(channels)) && Divisors.All(d => d.Rule.At(channels) % d.Divisor == 0);

    /// <summary>The largest number up to this one that a network can have, or where there is none the least above it.</summary>
    public int Nearest(int channels)
    {
        for (var fewer = channels; fewer >= 1; fewer--)
        {
            if (Fits(fewer))
            {
                return fewer;
            }
        }

        // The default always fits.
        return Enumerable.Range(Math.Max(1, channels), Default).First(Fits);
    }
}
