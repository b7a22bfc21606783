namespace AdaQat.Allocation;

/// <summary>The bits found, and how much better others could be at most.</summary>
/// <param name="Bits">For each width.</param>
/// <param name="Loss">The sum of the losses expected at these bits.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="LossBound">No allocation within the budget loses less. The loss itself where none is within the budget.</param>
/// <param name="IsMet">Whether the cost is within the budget; if not, the bits are the smallest.</param>
internal sealed record BitAllocation(IReadOnlyList<int> Bits, double Loss, double Cost, double LossBound, bool IsMet)
{
    /// <summary>Rounding of sums must not make an optimum look like less.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Whether nothing better exists.</summary>
    public bool IsExact => Loss - LossBound <= Rounding * Math.Abs(Loss);
}
