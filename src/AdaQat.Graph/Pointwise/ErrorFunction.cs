namespace AdaQat.Graph;

/// <summary>The error function erf(x) = 2/√π · ∫₀ˣ e^(−t²) dt.</summary>
/// <remarks>
/// Up to |x| = 3 the series 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (1·3·5···(2n+1)), all of whose terms have one sign, so that nothing cancels;
/// above it 1 − e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))), the continued fraction of its complement.
/// </remarks>
internal static class ErrorFunction
{
    private const double FractionFrom = 3;
    private const int FractionDepth = 60;

    public static double Of(double x) =>
        double.IsNaN(x) ? x : Math.Abs(x) < FractionFrom ? Series(x) : Math.Sign(x) * (1 - Complement(Math.Abs(x)));

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double Complement(double x)
    {
        var fraction = x;
        for (var n = FractionDepth; n > 0; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
