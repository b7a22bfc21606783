namespace AdaQat.Allocation;

/// <summary>The exact least of loss + price·cost over all allocations, for an additive cost.</summary>
/// <remarks>
/// Widths leave one after the other, each with a table over those it is tied to. On a tree of pairs this is dynamic programming from the
/// leaves; a cycle makes the tables larger, and where they would be too large there is no plan.
/// </remarks>
internal sealed class Elimination
{
    private readonly AdditiveCost _cost;
    private readonly int[] _scratch;

    private Elimination(AdditiveCost cost, IReadOnlyList<EliminationStep> steps) =>
        (_cost, Steps, _scratch) = (cost, steps, new int[steps.Count]);

    /// <summary>All widths; what belongs to a step comes right before it.</summary>
    public IReadOnlyList<EliminationStep> Steps { get; }

    /// <summary>Null where the tables together would have more entries than allowed.</summary>
    public static Elimination? Plan(Menu menu, AdditiveCost cost, int maximumEntries)
    {
        var tied = Enumerable.Range(0, menu.Count).Select(i => new SortedSet<int>(cost.Pairs(i).Select(p => p.Other))).ToArray();
        var left = new SortedSet<int>(Enumerable.Range(0, menu.Count));
        var steps = new List<EliminationStep>();
        var entries = 0.0;
        while (left.Count > 0)
        {
            var width = left.MinBy(i => Entries(menu, i, tied[i]));
            entries += Entries(menu, width, tied[width]);
            if (entries > maximumEntries)
            {
                return null;
            }

            steps.Add(new EliminationStep(menu, cost, width, [.. tied[width]]));
            left.Remove(width);
            foreach (var other in tied[width])
            {
                tied[other].UnionWith(tied[width]);
                tied[other].ExceptWith([other, width]);
            }
        }

        return new Elimination(cost, Ordered(steps));
    }

    /// <summary>The least at this price; the steps then hold its tables.</summary>
    public double Solve(double price)
    {
        var sum = price * _cost.Constant;
        foreach (var step in Steps)
        {
            step.Fill(price, _scratch);
            sum += step.Scope.Count == 0 ? step.Least(_scratch) : 0;
        }

        return sum;
    }

    /// <summary>An allocation with the least last solved for.</summary>
    public int[] Minimiser()
    {
        var at = new int[Steps.Count];
        foreach (var step in Steps.Reverse())
        {
            at[step.Width] = step.Choice(at);
        }

        return at;
    }

    private static double Entries(Menu menu, int width, SortedSet<int> tied) =>
        tied.Aggregate((double)menu.Size(width), (n, w) => n * menu.Size(w));

    /// <summary>Brings together what belongs together: a search from the end then has few open ties at a time.</summary>
    private static List<EliminationStep> Ordered(List<EliminationStep> steps)
    {
        var when = new int[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            when[steps[i].Width] = i;
        }

        foreach (var step in steps.Where(s => s.Scope.Count > 0))
        {
            steps[step.Scope.Min(w => when[w])].Children.Add(step);
        }

        var ordered = new List<EliminationStep>();
        foreach (var root in steps.Where(s => s.Scope.Count == 0))
        {
            // A stack, not recursion: a tree may be as deep as there are widths.
            var (stack, parentsFirst) = (new Stack<EliminationStep>([root]), new List<EliminationStep>());
            while (stack.TryPop(out var step))
            {
                parentsFirst.Add(step);
                step.Children.ForEach(stack.Push);
            }

            parentsFirst.Reverse();
            ordered.AddRange(parentsFirst);
        }

        return ordered;
    }
}
