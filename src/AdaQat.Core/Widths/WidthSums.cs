namespace AdaQat.Widths;

/// <summary>Sums over the pairs of one width since it last took another integer value.</summary>
/// <param name="Bits">n, at which the pairs were taken.</param>
/// <param name="Count">How many pairs, those forgotten in part counted in part.</param>
/// <param name="Estimated">Σ e.</param>
/// <param name="Measured">Σ m.</param>
public sealed record WidthSums(int Bits, double Count, double Estimated, double Measured)
{
    internal static WidthSums EmptyAt(int bits) => new(bits, 0, 0, 0);

    internal WidthSums With(double estimate, double measured, double memory) =>
        new(Bits, (memory * Count) + 1, (memory * Estimated) + estimate, (memory * Measured) + measured);
}
