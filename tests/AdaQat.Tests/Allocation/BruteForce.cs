using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>The least loss within the budget, from all allocations that there are.</summary>
internal static class BruteForce
{
    /// <summary>Infinite where none is within the budget.</summary>
    public static double LeastLoss(AllocationProblem problem) =>
        All(problem, [])
            .Where(b => problem.Cost(b) <= problem.Budget)
            .Select(b => Loss(problem, b))
            .DefaultIfEmpty(double.PositiveInfinity)
            .Min();

    /// <summary>The sum of the losses at these bits, which must be allowed.</summary>
    public static double Loss(AllocationProblem problem, IReadOnlyList<int> bits) =>
        problem.Widths.Select((w, i) => w.Losses[w.Bits.ToList().IndexOf(bits[i])]).Sum();

    private static IEnumerable<int[]> All(AllocationProblem problem, int[] first) =>
        first.Length == problem.Widths.Count
            ? [first]
            : problem.Widths[first.Length].Bits.SelectMany(b => All(problem, [.. first, b]));
}
