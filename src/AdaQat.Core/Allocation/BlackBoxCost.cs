namespace AdaQat.Allocation;

/// <summary>The cost as the problem's function gives it, each evaluation counted.</summary>
internal sealed class BlackBoxCost : ISearchCost
{
    private readonly Menu _menu;
    private readonly Func<IReadOnlyList<int>, double> _cost;
    private readonly int[] _bits;

    public BlackBoxCost(Menu menu, Func<IReadOnlyList<int>, double> cost) => (_menu, _cost, _bits) = (menu, cost, new int[menu.Count]);

    /// <summary>How often the function was called.</summary>
    public long Evaluations { get; private set; }

    public double Total(int[] at)
    {
        for (var i = 0; i < at.Length; i++)
        {
            _bits[i] = _menu.Bits(i, at[i]);
        }

        Evaluations++;
        var total = _cost(_bits);
        // A comparison with NaN is false: it would pass for a cost beyond no budget.
        return double.IsNaN(total) ? throw new ArgumentException($"The cost of the bits {string.Join(", ", _bits)} is NaN.") : total;
    }

    public double TotalWith(int[] at, double total, int width, int option)
    {
        var kept = at[width];
        at[width] = option;
        var changed = Total(at);
        at[width] = kept;
        return changed;
    }
}
