namespace AdaQat.Allocation;

/// <summary>All allocations from one to another: none costs less than the lower, none loses less than the upper.</summary>
/// <param name="Lower">The lowest option of each width.</param>
/// <param name="Upper">The highest.</param>
internal sealed record AllocationBox(int[] Lower, int[] Upper)
{
    /// <summary>The part where a width is at most, and the part where it is above, half-way between its ends.</summary>
    public (AllocationBox Below, AllocationBox Above) Split(int width)
    {
        var middle = (Lower[width] + Upper[width]) / 2;
        var (upper, lower) = ((int[])Upper.Clone(), (int[])Lower.Clone());
        (upper[width], lower[width]) = (middle, middle + 1);
        return (new((int[])Lower.Clone(), upper), new(lower, (int[])Upper.Clone()));
    }
}
