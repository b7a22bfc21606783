namespace AdaQat.Probing;

/// <summary>Sums over pairs of an estimate e and a measurement m, the older the less: behind the slope of m over e.</summary>
/// <param name="Count">How many pairs, those forgotten in part counted in part.</param>
/// <param name="Products">Σ m·e.</param>
/// <param name="Squares">Σ e².</param>
internal sealed record RegressionSums(double Count, double Products, double Squares)
{
    public static RegressionSums Empty { get; } = new(0, 0, 0);

    public RegressionSums With(double estimate, double measured, double memory) =>
        new((memory * Count) + 1, (memory * Products) + (measured * estimate), (memory * Squares) + (estimate * estimate));

    /// <summary>The slope through the origin, drawn towards 1 as by <paramref name="shrinkage"/> average pairs that lie there.</summary>
    public double Slope(double shrinkage)
    {
        var prior = Count > 0 ? shrinkage * Squares / Count : 0;
        return prior > 0 ? (Products + prior) / (Squares + prior) : 1;
    }
}
