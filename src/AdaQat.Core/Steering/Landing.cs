namespace AdaQat.Steering;

/// <summary>Finds integer widths at or just under a cost, near those shown, that lose the least task loss.</summary>
/// <remarks>
/// Above the target, the width is lowered that loses least for the cost it saves; below, the one is raised that gains most for its cost, until
/// no further bit fits. Then each width in turn is tried a bit higher, paid for by the others, and kept where that lowers the loss expected.
/// What a bit is worth comes from <see cref="Sensitivity"/>. Widths that the cost does not depend on stay.
/// </remarks>
internal sealed class Landing
{
    /// <summary>Enough for exchanges to come to their end in practice; each accepted one lowers the loss expected.</summary>
    private const int MaximumSweeps = 8;

    private const int None = -1;

    private readonly CostAt _cost;
    private readonly IReadOnlyList<double> _sensitivities;
    private readonly double _target;
    private readonly List<int> _places;

    /// <param name="cost">The widths, showing where to begin.</param>
    /// <param name="sensitivities">κ of each width, above 0.</param>
    /// <param name="target">In the cost's unit.</param>
    public Landing(CostAt cost, IReadOnlyList<double> sensitivities, double target)
    {
        (_cost, _sensitivities, _target) = (cost, sensitivities, target);
        _places = CostlyPlaces(cost);
    }

    /// <summary>Whether the cost depends on the width: others stay at what they show.</summary>
    public bool Moves(int place) => _places.Contains(place);

    /// <summary>Leaves the widths at their last bits; false where even the smallest cost more than the target.</summary>
    public bool Land()
    {
        Lower(except: None);
        Raise();
        var isMet = _cost.Total() <= _target;
        var improved = isMet;
        for (var sweep = 0; improved && sweep < MaximumSweeps; sweep++)
        {
            improved = false;
            foreach (var place in _places)
            {
                improved |= Exchange(place);
            }
        }

        return isMet;
    }

    private void Lower(int except)
    {
        for (var total = _cost.Total(); total > _target; total = _cost.Total())
        {
            var candidates = _places.Where(i => i != except && _cost[i] > _cost.Widths[i].Minimum).ToList();
            if (candidates.Count == 0)
            {
                return;
            }

            // A cost may stand still over a bit: such a step is the last resort.
            _cost[candidates.MinBy(i => PerCost(LossOfBit(i, _cost[i]), total - _cost.TotalWith(i, _cost[i] - 1)))]--;
        }
    }

    private void Raise()
    {
        while (true)
        {
            var total = _cost.Total();
            var best = _places
                .Where(i => _cost[i] < _cost.Widths[i].Maximum)
                .Select(i => (Place: i, Total: _cost.TotalWith(i, _cost[i] + 1)))
                .Where(c => c.Total <= _target)
                .Select(c => (c.Place, Worth: PerCost(LossOfBit(c.Place, _cost[c.Place] + 1), c.Total - total)))
                .DefaultIfEmpty((Place: None, Worth: 0.0))
                .MaxBy(c => c.Worth);
            if (best.Place == None)
            {
                return;
            }

            _cost[best.Place]++;
        }
    }

    /// <summary>A bit more for one width, paid for by the others; undone where the loss expected does not fall.</summary>
    private bool Exchange(int raised)
    {
        if (_cost[raised] == _cost.Widths[raised].Maximum)
        {
            return false;
        }

        var (kept, loss) = (_places.ConvertAll(i => _cost[i]), ExpectedLoss());
        _cost[raised]++;
        Lower(except: raised);
        Raise();
        // Rounding of the sums must not pass for a gain, or two equal choices would be exchanged for ever.
        if (_cost.Total() <= _target && ExpectedLoss() < loss * (1 - 1e-9))
        {
            return true;
        }

        foreach (var (place, bits) in _places.Zip(kept))
        {
            _cost[place] = bits;
        }

        return false;
    }

    /// <summary>Those that cost something where all others are at their minimum: beside a wide one, a width may seem to cost nothing.</summary>
    private static List<int> CostlyPlaces(CostAt cost)
    {
        var all = Enumerable.Range(0, cost.Widths.Count).ToList();
        var shown = all.ConvertAll(i => cost[i]);
        all.ForEach(i => cost[i] = cost.Widths[i].Minimum);
        var least = cost.Total();
        var costly = all.FindAll(i => cost.TotalWith(i, cost.Widths[i].Maximum) > least);
        all.ForEach(i => cost[i] = shown[i]);
        return costly;
    }

    private double ExpectedLoss() => _places.Sum(i => _sensitivities[i] * Sensitivity.Of(_cost[i]));

    private double LossOfBit(int place, int bits) => _sensitivities[place] * Sensitivity.OfOneBit(bits);

    private static double PerCost(double loss, double cost) => cost > 0 ? loss / cost : double.PositiveInfinity;
}
