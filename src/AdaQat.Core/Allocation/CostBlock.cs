namespace AdaQat.Allocation;

/// <summary>A summand of the cost that depends on two widths, such as a layer's MACs·w·a, or on one that is named twice.</summary>
/// <param name="First">The place of a width in the problem.</param>
/// <param name="Second">The place of the other; the same place where the block depends on one width only.</param>
/// <param name="Cost">The summand at the bits of the first and of the second.</param>
internal sealed record CostBlock(int First, int Second, Func<int, int, double> Cost)
{
    /// <summary>A summand that depends on one width, such as count·w.</summary>
    public static CostBlock OfOne(int width, Func<int, double> cost) => new(width, width, (bits, _) => cost(bits));

    /// <summary>The summand where the widths of the problem have these bits.</summary>
    public double At(IReadOnlyList<int> bits) => Cost(bits[First], bits[Second]);
}
