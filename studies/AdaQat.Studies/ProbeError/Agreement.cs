namespace AdaQat.Studies.ProbeError;

/// <summary>How well differences found in one way agree with measured ones, over widths.</summary>
/// <param name="Widths">How many widths could be compared.</param>
/// <param name="Correlation">Pearson's, from −1 to 1.</param>
/// <param name="RelativeError">The root mean square of the error, over that of the measured differences.</param>
/// <param name="RelativeBias">The mean error, over the mean magnitude of the measured differences.</param>
public sealed record Agreement(int Widths, double Correlation, double RelativeError, double RelativeBias)
{
    /// <summary>Compares pairs of a found and a measured difference.</summary>
    public static Agreement Of(IReadOnlyList<(double Found, double Measured)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
        {
            return new Agreement(0, double.NaN, double.NaN, double.NaN);
        }

        var (meanFound, meanMeasured) = (pairs.Average(p => p.Found), pairs.Average(p => p.Measured));
        var covariance = pairs.Average(p => (p.Found - meanFound) * (p.Measured - meanMeasured));
        var spread = Math.Sqrt(pairs.Average(p => Square(p.Found - meanFound)) * pairs.Average(p => Square(p.Measured - meanMeasured)));
        return new Agreement(
            pairs.Count,
            covariance / spread,
            Math.Sqrt(pairs.Average(p => Square(p.Found - p.Measured)) / pairs.Average(p => Square(p.Measured))),
            (meanFound - meanMeasured) / pairs.Average(p => Math.Abs(p.Measured)));
    }

    private static double Square(double x) => x * x;
}
