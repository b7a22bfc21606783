namespace AdaQat.Widths;

/// <summary>Sums over the pairs of all widths of weights, or of activations.</summary>
/// <param name="Count">How many pairs, those forgotten in part counted in part.</param>
/// <param name="Products">Σ m·e.</param>
/// <param name="Squares">Σ e².</param>
public sealed record KindSums(double Count, double Products, double Squares)
{
    internal static KindSums Empty { get; } = new(0, 0, 0);

    internal KindSums With(double estimate, double measured, double memory) =>
        new((memory * Count) + 1, (memory * Products) + (measured * estimate), (memory * Squares) + (estimate * estimate));

    /// <summary>The slope of m over e through the origin, drawn towards 1 as by <paramref name="shrinkage"/> average pairs that lie there.</summary>
    internal double Slope(double shrinkage)
    {
        var prior = Count > 0 ? shrinkage * Squares / Count : 0;
        return prior > 0 ? (Products + prior) / (Squares + prior) : 1;
    }
}
