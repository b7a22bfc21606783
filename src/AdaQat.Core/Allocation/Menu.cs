namespace AdaQat.Allocation;

/// <summary>The options worth choosing, counted from the cheapest: as none costs less than a smaller one, each must lose less.</summary>
/// <remarks>Searches deal in places on this menu. Losses fall along it even where those of the problem are noisy.</remarks>
internal sealed class Menu
{
    private readonly int[][] _bits;
    private readonly double[][] _losses;
    private readonly int[] _best;

    /// <summary>Leaves out what is no better than an option with fewer bits.</summary>
    public Menu(IReadOnlyList<WidthOptions> widths)
    {
        (_bits, _losses, _best) = (new int[widths.Count][], new double[widths.Count][], new int[widths.Count]);
        for (var i = 0; i < widths.Count; i++)
        {
            var (bits, losses) = widths[i];
            var kept = Enumerable.Range(0, bits.Count).Where(k => k == 0 || losses[k] < losses.Take(k).Min()).ToList();
            _bits[i] = kept.Select(k => bits[k]).ToArray();
            _losses[i] = kept.Select(k => losses[k]).ToArray();
            _best[i] = kept.Count - 1;
        }
    }

    /// <summary>How many widths there are.</summary>
    public int Count => _bits.Length;

    /// <summary>The least bits of all widths.</summary>
    public int[] Lowest() => new int[Count];

    /// <summary>The last option of all widths: what loses least.</summary>
    public int[] Best() => (int[])_best.Clone();

    /// <summary>The last option of a width.</summary>
    public int Last(int width) => _best[width];

    /// <summary>How many options a width has.</summary>
    public int Size(int width) => _best[width] + 1;

    public int Bits(int width, int option) => _bits[width][option];

    public double Loss(int width, int option) => _losses[width][option];

    /// <summary>The sum of the losses, in the order of the widths.</summary>
    public double Loss(int[] at)
    {
        var sum = 0.0;
        for (var i = 0; i < at.Length; i++)
        {
            sum += _losses[i][at[i]];
        }

        return sum;
    }

    /// <summary>Takes off options that do not fit the budget even beside the least bits of all others.</summary>
    public void Limit(ISearchCost cost, double budget)
    {
        var at = Lowest();
        var total = cost.Total(at);
        for (var i = 0; i < Count; i++)
        {
            while (_best[i] > 0 && cost.TotalWith(at, total, i, _best[i]) > budget)
            {
                _best[i]--;
            }
        }
    }
}
