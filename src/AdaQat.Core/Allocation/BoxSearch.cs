namespace AdaQat.Allocation;

/// <summary>Branch and bound that knows of the cost only that it does not fall with more bits.</summary>
/// <remarks>
/// A box loses at least what its upper corner does. Options go from its top that do not fit beside the lower corner, and from its bottom
/// that show no gain beside the upper corner; each may let the other go on. The box with the least bound is split next, so that where the
/// work ends early its bound is that of the search.
/// </remarks>
internal sealed class BoxSearch
{
    private readonly Menu _menu;
    private readonly BlackBoxCost _cost;
    private readonly Incumbent _incumbent;
    private readonly double _budget;
    private readonly PriorityQueue<AllocationBox, (double Bound, int Age)> _open = new();
    private int _boxes;

    /// <param name="menu">The options.</param>
    /// <param name="cost">Their cost.</param>
    /// <param name="incumbent">Gets what is found.</param>
    /// <param name="budget">The most that the cost may be.</param>
    public BoxSearch(Menu menu, BlackBoxCost cost, Incumbent incumbent, double budget) =>
        (_menu, _cost, _incumbent, _budget) = (menu, cost, incumbent, budget);

    /// <summary>The bound on the loss after about so many evaluations of the cost.</summary>
    public double Run(int limit)
    {
        var end = _cost.Evaluations + limit;
        Add(new AllocationBox(_menu.Lowest(), _menu.Best()));
        while (_open.TryDequeue(out var box, out var priority) && priority.Bound < _incumbent.NoGain)
        {
            if (_cost.Evaluations >= end)
            {
                return priority.Bound;
            }

            var (below, above) = box.Split(WidestLoss(box));
            Add(below);
            Add(above);
        }

        return _incumbent.Loss;
    }

    private void Add(AllocationBox box)
    {
        if (!Tighten(box) || _incumbent.Offer(box.Upper))
        {
            return;
        }

        // Of equal bounds the newest box comes first: it is nearest to being settled.
        _open.Enqueue(box, (_menu.Loss(box.Upper), -_boxes++));
    }

    /// <summary>False where nothing better than the best so far can be in the box.</summary>
    private bool Tighten(AllocationBox box)
    {
        do
        {
            if (_menu.Loss(box.Upper) >= _incumbent.NoGain)
            {
                return false;
            }

            RaiseLower(box);
            if (_cost.Total(box.Lower) > _budget)
            {
                return false;
            }
        }
        while (LowerUpper(box));
        return true;
    }

    private void RaiseLower(AllocationBox box)
    {
        var gain = _incumbent.NoGain - _menu.Loss(box.Upper);
        for (var i = 0; i < _menu.Count; i++)
        {
            while (_menu.Loss(i, box.Lower[i]) - _menu.Loss(i, box.Upper[i]) >= gain)
            {
                box.Lower[i]++;
            }
        }
    }

    private bool LowerUpper(AllocationBox box)
    {
        var changed = false;
        for (var i = 0; i < _menu.Count; i++)
        {
            while (box.Upper[i] > box.Lower[i] && _cost.TotalWith(box.Lower, 0, i, box.Upper[i]) > _budget)
            {
                box.Upper[i]--;
                changed = true;
            }
        }

        return changed;
    }

    private int WidestLoss(AllocationBox box) =>
        Enumerable.Range(0, _menu.Count).MaxBy(i => _menu.Loss(i, box.Lower[i]) - _menu.Loss(i, box.Upper[i]));
}
