using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>What a search must not do worse than: from the most bits, lower what loses least for its cost, then raise what fits.</summary>
internal static class PlainGreedy
{
    public static double Loss(AllocationProblem problem)
    {
        var at = problem.Widths.Select(w => w.Bits.Count - 1).ToArray();
        double CostAt(int[] places) => problem.Cost(places.Select((k, i) => problem.Widths[i].Bits[k]).ToArray());
        double LossOf(int i, int k) => problem.Widths[i].Losses[k];
        int[] With(int i, int step) => [.. at.Select((k, j) => j == i ? k + step : k)];
        double Worth(int i, int step) =>
            (LossOf(i, at[i] + step) - LossOf(i, at[i])) / Math.Max(Math.Abs(CostAt(With(i, step)) - CostAt(at)), 1e-300);
        var all = Enumerable.Range(0, at.Length).ToList();
        while (CostAt(at) > problem.Budget)
        {
            at = With(all.Where(i => at[i] > 0).MinBy(i => Worth(i, -1)), -1);
        }

        while (Fitting() is { Count: > 0 } fitting)
        {
            at = With(fitting.MinBy(i => Worth(i, 1)), 1);
        }

        List<int> Fitting() => all.FindAll(i => at[i] < problem.Widths[i].Bits.Count - 1 && CostAt(With(i, 1)) <= problem.Budget);

        return all.Sum(i => LossOf(i, at[i]));
    }
}
