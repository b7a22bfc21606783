namespace AdaQat.Benchmarks.Measuring;

/// <summary>
/// The middle of a set of measurements and its spread. Both leave the occasional outlier, of a busy machine, out of account.
/// </summary>
public readonly record struct Distribution(double Median, double LowerQuartile, double UpperQuartile)
{
    public static Distribution Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length > 0
            ? new Distribution(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75))
            : throw new ArgumentException("There is no middle of no values.", nameof(values));
    }

    /// <summary>Of two series measured in the same rounds: what both suffered in a round falls out of its ratio.</summary>
    public static Distribution OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        ArgumentNullException.ThrowIfNull(numerators);
        ArgumentNullException.ThrowIfNull(denominators);
        return numerators.Count == denominators.Count
            ? Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator))
            : throw new ArgumentException($"{numerators.Count} values cannot be set against {denominators.Count}.", nameof(denominators));
    }

    /// <summary>Linear between the two values nearest in rank.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var rank = share * (sorted.Length - 1);
        var (lower, upper) = ((int)Math.Floor(rank), (int)Math.Ceiling(rank));
        return sorted[lower] + ((rank - lower) * (sorted[upper] - sorted[lower]));
    }
}
