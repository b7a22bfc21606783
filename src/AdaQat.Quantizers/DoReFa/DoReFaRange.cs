namespace AdaQat.Quantizers.DoReFa;

/// <summary>What DoReFa's backward pass and its codes need besides the weight.</summary>
/// <param name="Largest">m = max|t|.</param>
/// <param name="Count">r: how many elements share it.</param>
/// <param name="LargestBlocks">The blocks of the array in which they are.</param>
/// <param name="Slope">c/m.</param>
/// <param name="Scale">2c/s, the grid's.</param>
internal sealed record DoReFaRange(double Largest, double Count, IReadOnlyList<int> LargestBlocks, double Slope, double Scale)
{
    /// <summary>That of a weight of zeros.</summary>
    public static DoReFaRange Zero { get; } = new(0, 0, [], 1, 0);
}
