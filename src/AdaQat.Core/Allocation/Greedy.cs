namespace AdaQat.Allocation;

/// <summary>Brings an allocation within the budget and improves it step by step.</summary>
/// <remarks>
/// Above the budget the width is lowered that loses least for the cost it saves; below, the one is raised that gains most for its cost.
/// Then each width in turn is moved an option up or down, the others make up for it, and what lowers the loss is kept.
/// </remarks>
internal sealed class Greedy
{
    /// <summary>Enough for exchanges to come to their end in practice.</summary>
    private const int MaximumSweeps = 8;

    private const int None = -1;

    private readonly Menu _menu;
    private readonly ISearchCost _cost;
    private readonly double _budget;
    private readonly long _limit;
    private long _trials;

    /// <param name="menu">The options.</param>
    /// <param name="cost">Their cost.</param>
    /// <param name="budget">The most it may be.</param>
    /// <param name="limit">After so many trials no further exchange is tried.</param>
    public Greedy(Menu menu, ISearchCost cost, double budget, long limit) => (_menu, _cost, _budget, _limit) = (menu, cost, budget, limit);

    /// <summary>An allocation within the budget, if the least bits are.</summary>
    public int[] From(int[] start)
    {
        var at = (int[])start.Clone();
        Settle(at, except: None);
        var improved = true;
        for (var sweep = 0; improved && sweep < MaximumSweeps; sweep++)
        {
            improved = false;
            for (var i = 0; i < at.Length; i++)
            {
                improved |= Exchange(at, i, 1);
                improved |= Exchange(at, i, -1);
            }
        }

        return at;
    }

    private bool Exchange(int[] at, int width, int step)
    {
        var option = at[width] + step;
        if (option < 0 || option > _menu.Last(width) || _trials > _limit)
        {
            return false;
        }

        var kept = (int[])at.Clone();
        at[width] = option;
        Settle(at, width);
        // Rounding of the sums must not pass for a gain, or two equal choices would be exchanged for ever.
        var loss = _menu.Loss(kept);
        if (_menu.Loss(at) < loss - (1e-9 * Math.Abs(loss)) && _cost.Total(at) <= _budget)
        {
            return true;
        }

        kept.CopyTo(at, 0);
        return false;
    }

    private void Settle(int[] at, int except)
    {
        while (_cost.Total(at) > _budget && Step(at, except, -1))
        {
        }

        while (Step(at, except, 1))
        {
        }
    }

    /// <summary>The best step down, or the best up that stays within the budget; false where there is none.</summary>
    private bool Step(int[] at, int except, int step)
    {
        var (total, best, bestWorth) = (_cost.Total(at), None, 0.0);
        for (var i = 0; i < at.Length; i++)
        {
            var option = at[i] + step;
            if (i == except || option < 0 || option > _menu.Last(i))
            {
                continue;
            }

            _trials++;
            var changed = _cost.TotalWith(at, total, i, option);
            if (step < 0 || changed <= _budget)
            {
                // A cost may stand still over a bit: to go down there is the last resort, to go up the first.
                var (loss, cost) = (Math.Abs(_menu.Loss(i, option) - _menu.Loss(i, at[i])), Math.Abs(changed - total));
                var worth = step * (cost > 0 ? loss / cost : double.PositiveInfinity);
                if (best == None || worth > bestWorth)
                {
                    (best, bestWorth) = (i, worth);
                }
            }
        }

        if (best != None)
        {
            at[best] += step;
        }

        return best != None;
    }
}
