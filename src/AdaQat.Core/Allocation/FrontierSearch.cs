namespace AdaQat.Allocation;

/// <summary>Closes the gap between the Lagrangian bound and the best allocation so far, for an additive cost.</summary>
/// <remarks>
/// Widths are decided one after the other, all states of a stage side by side. A state goes where it costs too much, where its bound shows
/// no gain, or where another state with the same open ties costs and loses no more. Where too many stay, those with the highest bounds are
/// dropped, and the lowest bound among them is the bound of the search.
/// </remarks>
internal sealed class FrontierSearch
{
    private readonly Menu _menu;
    private readonly AdditiveCost _cost;
    private readonly Elimination _elimination;
    private readonly Incumbent _incumbent;
    private readonly double _budget;

    /// <param name="menu">The options.</param>
    /// <param name="cost">Their cost.</param>
    /// <param name="elimination">Its plan.</param>
    /// <param name="incumbent">Gets what is found.</param>
    /// <param name="budget">With what rounding may add to it: the incumbent decides.</param>
    public FrontierSearch(Menu menu, AdditiveCost cost, Elimination elimination, Incumbent incumbent, double budget) =>
        (_menu, _cost, _elimination, _incumbent, _budget) = (menu, cost, elimination, incumbent, budget);

    /// <summary>The bound on the loss after about so many children of states.</summary>
    /// <param name="price">Of cost; any is right, that of the best Lagrangian bound rules out most.</param>
    /// <param name="limit">Of children.</param>
    public double Run(double price, int limit)
    {
        var dual = _elimination.Solve(price) - (price * _budget);
        var capacity = Math.Max(1, limit / Math.Max(1, Enumerable.Range(0, _menu.Count).Sum(_menu.Size)));
        var lowest = _menu.Lowest();
        List<SearchState> states = [new(lowest, _cost.Total(lowest), 0, 0)];
        var dropped = double.PositiveInfinity;
        var steps = _elimination.Steps;
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var children = Undominated(Children(states, steps[i], OpenTies(i), _incumbent.NoGain - dual));
            if (children.Count > capacity)
            {
                children.Sort((a, b) => a.Excess.CompareTo(b.Excess));
                dropped = Math.Min(dropped, dual + children[capacity].Excess);
                children.RemoveRange(capacity, children.Count - capacity);
            }

            states = children.ConvertAll(c => c.Decided(steps[i].Width));
        }

        return Math.Min(dropped, Offer(states));
    }

    /// <summary>The least loss of the states, also where the incumbent finds its cost beyond the budget by a rounding error.</summary>
    private double Offer(List<SearchState> states)
    {
        states.Sort((a, b) => a.Loss.CompareTo(b.Loss));
        var least = states.Count > 0 ? _menu.Loss(states[0].At) : double.PositiveInfinity;
        _ = states.Find(s => _incumbent.Offer(s.At));
        return Math.Min(least, _incumbent.Loss);
    }

    private List<SearchState.Child> Children(List<SearchState> states, EliminationStep step, int[]? ties, double gain)
    {
        var children = new List<SearchState.Child>();
        foreach (var state in states)
        {
            for (var option = 0; option < _menu.Size(step.Width); option++)
            {
                var excess = state.Excess + step.Excess(state.At, option);
                var cost = _cost.TotalWith(state.At, state.Cost, step.Width, option);
                if (excess < gain && cost <= _budget)
                {
                    // Where ties are too many for a number, each state has its own and none rules out another.
                    var number = ties is null ? children.Count : Number(ties, state.At, step.Width, option);
                    children.Add(new(state, option, cost, state.Loss + _menu.Loss(step.Width, option), excess, number));
                }
            }
        }

        return children;
    }

    /// <summary>Of children with the same ties, those that lose less than every cheaper one.</summary>
    private static List<SearchState.Child> Undominated(List<SearchState.Child> children)
    {
        children.Sort((a, b) =>
        {
            var order = a.Ties.CompareTo(b.Ties);
            order = order != 0 ? order : a.Cost.CompareTo(b.Cost);
            return order != 0 ? order : a.Loss.CompareTo(b.Loss);
        });
        var kept = new List<SearchState.Child>();
        foreach (var child in children)
        {
            if (kept.Count == 0 || kept[^1].Ties != child.Ties || child.Loss < kept[^1].Loss)
            {
                kept.Add(child);
            }
        }

        return kept;
    }

    /// <summary>The decided widths that a later step is tied to, once this one is decided; null where their options are too many.</summary>
    private int[]? OpenTies(int step)
    {
        var steps = _elimination.Steps;
        var undecided = steps.Take(step).Select(s => s.Width).ToHashSet();
        var ties = steps.Take(step).SelectMany(s => s.Scope).Where(w => !undecided.Contains(w)).Distinct().Order().ToArray();
        return ties.Aggregate(1.0, (size, w) => size * _menu.Size(w)) < long.MaxValue / 2 ? ties : null;
    }

    private long Number(int[] ties, int[] at, int width, int option)
    {
        var number = 0L;
        foreach (var tie in ties)
        {
            number = (number * _menu.Size(tie)) + (tie == width ? option : at[tie]);
        }

        return number;
    }
}
