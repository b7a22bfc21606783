using AdaQat.Allocation;
using AdaQat.Costs;

namespace AdaQat.Steering;

/// <summary>
/// The integer widths that lose the least task loss at or just under a cost, as far as <see cref="RoundingLossFit"/> can tell.
/// </summary>
internal static class FinalAllocation
{
    /// <param name="cost">The cost as a function of the widths' bits.</param>
    /// <param name="sensitivities">κ of each width, above 0.</param>
    /// <param name="target">In the cost's unit.</param>
    public static BitAllocation At(CostOfBits cost, IReadOnlyList<double> sensitivities, double target) =>
        BitAllocator.Solve(new AllocationProblem
        {
            Widths = [.. cost.Widths.Select((width, place) => Options(cost, width, place, sensitivities[place]))],
            Cost = cost.Total,
            Blocks = cost.Blocks(),
            Budget = target,
        });

    /// <summary>A width that the cost does not depend on stays as it is; beside a wide one a width may only seem to cost nothing.</summary>
    private static WidthOptions Options(CostOfBits cost, BitWidth width, int place, double sensitivity)
    {
        var least = cost.Widths.Select(w => w.Minimum).ToArray();
        var alone = least.ToArray();
        alone[place] = width.Maximum;
        IReadOnlyList<int> bits = cost.Total(alone) > cost.Total(least) ? width.Allowed : [width.Bits];
        return new WidthOptions(bits, [.. bits.Select(b => sensitivity * RoundingLossFit.LossOf(b))]);
    }
}
