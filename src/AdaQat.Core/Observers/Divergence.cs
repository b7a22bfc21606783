namespace AdaQat.Observers;

/// <summary>The search of <see cref="EntropyObserverOptions"/>: how many bins of a histogram a range had best have.</summary>
internal static class Divergence
{
    /// <summary>The number of bins with the least divergence; of equals the most.</summary>
    /// <param name="histogram">Counts of magnitudes; the last is not 0.</param>
    /// <param name="levels">How many values magnitudes can be quantized to.</param>
    public static int BestEnd(ReadOnlySpan<double> histogram, int levels)
    {
        var (best, least) = (histogram.Length, double.PositiveInfinity);
        for (var end = histogram.Length; end >= Math.Min(levels, histogram.Length); end--)
        {
            if (Of(histogram, end, levels) is var divergence && divergence < least)
            {
                (best, least) = (end, divergence);
            }
        }

        return best;
    }

    /// <summary>Σ P·ln(P/Q) for a range of <paramref name="end"/> bins; infinite where Q has nothing where P has something.</summary>
    public static double Of(ReadOnlySpan<double> histogram, int end, int levels)
    {
        var (inside, above) = (Sum(histogram[..end]), Sum(histogram[end..]));
        if (inside == 0)
        {
            return double.PositiveInfinity;
        }

        var divergence = 0.0;
        for (var level = 0; level < levels; level++)
        {
            var (from, to) = ((int)((long)level * end / levels), (int)((long)(level + 1) * end / levels));
            var part = histogram[from..to];
            var isLast = to == end;
            var filled = Filled(part) + (isLast && above > 0 && part.Length > 0 && part[^1] == 0 ? 1 : 0);
            if (filled == 0)
            {
                continue;
            }

            var q = Sum(part) / filled / inside;
            for (var bin = 0; bin < part.Length; bin++)
            {
                var p = (part[bin] + (isLast && bin == part.Length - 1 ? above : 0)) / (inside + above);
                if (p > 0)
                {
                    divergence += q > 0 ? p * Math.Log(p / q) : double.PositiveInfinity;
                }
            }
        }

        return divergence;
    }

    private static double Sum(ReadOnlySpan<double> counts)
    {
        var sum = 0.0;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }

    private static int Filled(ReadOnlySpan<double> counts)
    {
        var filled = 0;
        foreach (var count in counts)
        {
            filled += count > 0 ? 1 : 0;
        }

        return filled;
    }
}
