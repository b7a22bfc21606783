namespace AdaQat.Studies.Channels;

/// <summary>The mean of paired differences and how far it is known: Student's t, both sides, 95 %.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="HalfWidth">Half the confidence interval; NaN for one pair.</param>
/// <param name="Pairs">How many pairs.</param>
internal readonly record struct PairedDifference(double Mean, double HalfWidth, int Pairs)
{
    /// <summary>The 0.975 quantile of Student's distribution with 1, 2, … degrees of freedom.</summary>
    private static readonly double[] Quantiles =
    [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199,
        2.1098, 2.1009, 2.0930,
    ];

    /// <summary>How many pairs there can be.</summary>
    public static int MostPairs => Quantiles.Length + 1;

    /// <param name="differences">A number for each pair, at least one and at most <see cref="MostPairs"/>.</param>
    public static PairedDifference Of(IReadOnlyList<double> differences)
    {
        var (mean, count) = (differences.Average(), differences.Count);
        if (count == 1)
        {
            return new PairedDifference(mean, double.NaN, 1);
        }

        var variance = differences.Sum(d => (d - mean) * (d - mean)) / (count - 1);
        return new PairedDifference(mean, Quantiles[count - 2] * Math.Sqrt(variance / count), count);
    }
}
