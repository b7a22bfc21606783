namespace AdaQat.Allocation;

/// <summary>Compares blocks with the cost that they are said to sum to, at a few points.</summary>
/// <remarks>The points: each width alone at its most bits, all of them, every other one, and all in the middle.</remarks>
internal static class BlockCheck
{
    /// <summary>Sums in another order differ by a few times 1e-16 for each summand; real contradictions by far more.</summary>
    public const double Rounding = 1e-11;

    /// <summary>Refuses blocks that do not sum to the cost, but for a constant.</summary>
    public static void Run(AllocationProblem problem, IReadOnlyList<CostBlock> blocks)
    {
        foreach (var block in blocks)
        {
            AllocationProblem.Require(block?.Cost is not null, $"A block is null or without a cost.");
            AllocationProblem.Require(
                IsPlace(problem, block!.First) && IsPlace(problem, block.Second),
                $"A block depends on the widths {block.First} and {block.Second}; there are {problem.Widths.Count}.");
        }

        var least = problem.Widths.Select(w => w.Bits[0]).ToArray();
        var (cost, sum) = (problem.Cost(least), blocks.Sum(b => b.At(least)));
        foreach (var point in Points(problem, least))
        {
            var (expected, found) = (problem.Cost(point) - cost, blocks.Sum(b => b.At(point)) - sum);
            var scale = Math.Abs(cost) + Math.Abs(expected) + Math.Abs(sum) + Math.Abs(found);
            // Written so that NaN is refused too.
            AllocationProblem.Require(
                Math.Abs(expected - found) <= Rounding * scale && double.IsFinite(scale),
                $"The blocks contradict the cost: from the least bits to {string.Join(", ", point)} they add {found}, not {expected}.");
        }
    }

    private static IEnumerable<int[]> Points(AllocationProblem problem, int[] least)
    {
        var widths = problem.Widths;
        for (var i = 0; i < least.Length; i++)
        {
            var point = (int[])least.Clone();
            point[i] = widths[i].Bits[^1];
            yield return point;
        }

        yield return widths.Select(w => w.Bits[^1]).ToArray();
        yield return widths.Select((w, i) => i % 2 == 0 ? w.Bits[^1] : least[i]).ToArray();
        yield return widths.Select(w => w.Bits[w.Bits.Count / 2]).ToArray();
    }

    private static bool IsPlace(AllocationProblem problem, int place) => place >= 0 && place < problem.Widths.Count;
}
