namespace AdaQat.Allocation;

/// <summary>Chooses the bits of all widths for the least expected loss within a budget, and tells how good the choice is.</summary>
/// <remarks>
/// Small problems are solved exactly. Large ones get a good allocation and a bound: a tight one for an additive cost, from its Lagrangian
/// relaxation, and a loose one for a black box, of which nothing is known but that it does not fall. The same problem has the same result.
/// </remarks>
internal static class BitAllocator
{
    /// <summary>Evaluations of a black box, or states for an additive cost: what a few seconds, or a part of one, suffice for.</summary>
    public const int DefaultWorkLimit = 500_000;

    /// <summary>The tables are filled for some dozens of prices.</summary>
    private const int MaximumTableEntries = 100_000;

    /// <summary>Solves the problem, with about so much work for each of its searches.</summary>
    /// <exception cref="ArgumentException">The problem is not well-formed.</exception>
    public static BitAllocation Solve(AllocationProblem problem, int workLimit = DefaultWorkLimit)
    {
        ArgumentNullException.ThrowIfNull(problem);
        problem.Check();
        var (menu, budget) = (new Menu(problem.Widths), problem.Budget);
        var cost = new BlackBoxCost(menu, problem.Cost);
        var least = cost.Total(menu.Lowest());
        if (least > budget)
        {
            return Result(menu, cost, menu.Lowest(), menu.Loss(menu.Lowest()), isMet: false);
        }

        menu.Limit(cost, budget);
        var incumbent = new Incumbent(menu, cost, budget);
        var bound = menu.Loss(menu.Best());
        if (!incumbent.Offer(menu.Best()))
        {
            var additive = problem.Blocks is null ? null : new AdditiveCost(menu, problem.Blocks, least);
            var elimination = additive is null ? null : Elimination.Plan(menu, additive, MaximumTableEntries);
            // The sum of the blocks may differ from the cost by rounding: a bound must hold for what the cost finds within the budget.
            var slack = BlockCheck.Rounding * Math.Max(Math.Abs(budget), Math.Abs(least));
            bound = elimination is null || additive!.Total(menu.Best()) <= budget + slack
                ? SearchBlackBox(menu, cost, incumbent, budget, workLimit)
                : SearchAdditive(menu, additive, elimination, incumbent, (budget, slack), workLimit);
        }

        return Result(menu, cost, incumbent.At, bound, isMet: true);
    }

    private static double SearchBlackBox(Menu menu, BlackBoxCost cost, Incumbent incumbent, double budget, int workLimit)
    {
        incumbent.Offer(new Greedy(menu, cost, budget, workLimit).From(menu.Best()));
        return new BoxSearch(menu, cost, incumbent, budget).Run(workLimit);
    }

    private static double SearchAdditive(
        Menu menu, AdditiveCost cost, Elimination elimination, Incumbent incumbent, (double Value, double Slack) budget, int workLimit)
    {
        var most = budget.Value + budget.Slack;
        var dual = LagrangianDual.Of(menu, cost, elimination, most);
        foreach (var start in new[] { menu.Best(), dual.Within })
        {
            if (!incumbent.Offer(new Greedy(menu, cost, budget.Value, workLimit).From(start)))
            {
                incumbent.Offer(new Greedy(menu, cost, budget.Value - budget.Slack, workLimit).From(start));
            }
        }

        if (dual.Bound >= incumbent.NoGain)
        {
            return dual.Bound;
        }

        return new FrontierSearch(menu, cost, elimination, incumbent, most).Run(dual.Price, workLimit);
    }

    private static BitAllocation Result(Menu menu, BlackBoxCost cost, int[] at, double bound, bool isMet)
    {
        var loss = menu.Loss(at);
        var bits = at.Select((option, i) => menu.Bits(i, option)).ToArray();
        return new BitAllocation(bits, loss, cost.Total(at), Math.Min(bound, loss), isMet);
    }
}
