using AdaQat.Allocation;
using AdaQat.Costs;

namespace AdaQat.Steering;

/// <summary>Finds integer widths at or just under a cost, near those shown, that lose the least task loss.</summary>
/// <remarks>
/// Above the target, the width is lowered that loses least for the cost it saves; below, the one is raised that gains most for its cost,
/// until no further bit fits. Then each width in turn is tried a bit higher, paid for by the others, and kept where that lowers the loss
/// expected. What a bit is worth comes from <see cref="RoundingLossFit"/>. Widths that the cost does not depend on stay.
/// </remarks>
internal sealed class Landing
{
    /// <summary>Enough for exchanges to come to their end in practice; each accepted one lowers the loss expected.</summary>
    private const int MaximumSweeps = 8;

    private const int None = -1;

    private readonly CostOfBits _cost;
    private readonly IReadOnlyList<double> _sensitivities;
    private readonly double _target;
    private readonly List<int> _places;
    private readonly int[] _bits;

    /// <param name="cost">The widths, showing where to begin.</param>
    /// <param name="sensitivities">κ of each width, above 0.</param>
    /// <param name="target">In the cost's unit.</param>
    private Landing(CostOfBits cost, IReadOnlyList<double> sensitivities, double target)
    {
        (_cost, _sensitivities, _target) = (cost, sensitivities, target);
        _bits = [.. cost.Widths.Select(w => w.Bits)];
        _places = CostlyPlaces(cost);
    }

    public static BitAllocation Allocate(CostOfBits cost, IReadOnlyList<double> sensitivities, double target)
    {
        var landing = new Landing(cost, sensitivities, target);
        landing._places.ForEach(i => landing._bits[i] = (int)Math.Round(cost.Widths[i].Value, MidpointRounding.AwayFromZero));
        var isMet = landing.Land();
        return new BitAllocation(landing._bits, cost.Total(landing._bits), isMet);
    }

    /// <summary>Leaves the widths at their last bits; false where even the smallest cost more than the target.</summary>
    private bool Land()
    {
        Lower(except: None);
        Raise();
        var isMet = Total() <= _target;
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

    private double Total() => _cost.Total(_bits);

    private double TotalWith(int place, int bits)
    {
        var other = _bits.ToArray();
        other[place] = bits;
        return _cost.Total(other);
    }

    private void Lower(int except)
    {
        for (var total = Total(); total > _target; total = Total())
        {
            var candidates = _places.Where(i => i != except && _bits[i] > _cost.Widths[i].Minimum).ToList();
            if (candidates.Count == 0)
            {
                return;
            }

            // A cost may stand still over a bit: such a step is the last resort.
            _bits[candidates.MinBy(i => PerCost(LossOfBit(i, _bits[i]), total - TotalWith(i, _bits[i] - 1)))]--;
        }
    }

    private void Raise()
    {
        while (true)
        {
            var total = Total();
            var best = _places
                .Where(i => _bits[i] < _cost.Widths[i].Maximum)
                .Select(i => (Place: i, Total: TotalWith(i, _bits[i] + 1)))
                .Where(c => c.Total <= _target)
                .Select(c => (c.Place, Worth: PerCost(LossOfBit(c.Place, _bits[c.Place] + 1), c.Total - total)))
                .DefaultIfEmpty((Place: None, Worth: 0.0))
                .MaxBy(c => c.Worth);
            if (best.Place == None)
            {
                return;
            }

            _bits[best.Place]++;
        }
    }

    /// <summary>A bit more for one width, paid for by the others; undone where the loss expected does not fall.</summary>
    private bool Exchange(int raised)
    {
        if (_bits[raised] == _cost.Widths[raised].Maximum)
        {
            return false;
        }

        var (kept, loss) = (_places.ConvertAll(i => _bits[i]), ExpectedLoss());
        _bits[raised]++;
        Lower(except: raised);
        Raise();
        // Rounding of the sums must not pass for a gain, or two equal choices would be exchanged for ever.
        if (Total() <= _target && ExpectedLoss() < loss * (1 - 1e-9))
        {
            return true;
        }

        foreach (var (place, bits) in _places.Zip(kept))
        {
            _bits[place] = bits;
        }

        return false;
    }

    /// <summary>
    /// Those that cost something where all others are at their minimum: beside a wide one, a width may seem to cost nothing.
    /// </summary>
    private static List<int> CostlyPlaces(CostOfBits cost)
    {
        var least = cost.Widths.Select(w => w.Minimum).ToArray();
        var total = cost.Total(least);
        return Enumerable.Range(0,
            least.Length).Where(i => cost.Total([.. least[..i], cost.Widths[i].Maximum, .. least[(i + 1)..]]) > total).ToList();
    }

    private double ExpectedLoss() => _places.Sum(i => _sensitivities[i] * RoundingLossFit.LossOf(_bits[i]));

    private double LossOfBit(int place, int bits) =>
        _sensitivities[place] * (RoundingLossFit.LossOf(bits - 1) - RoundingLossFit.LossOf(bits));

    private static double PerCost(double loss, double cost) => cost > 0 ? loss / cost : double.PositiveInfinity;
}
