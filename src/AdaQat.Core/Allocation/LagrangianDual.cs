namespace AdaQat.Allocation;

/// <summary>The price of cost at which the least of loss + price·(cost − budget) is the most: a bound within the budget.</summary>
/// <remarks>
/// Each allocation is a straight line over the price, and the least of all lines is concave. Two lines, of an allocation beyond the budget
/// and of one within it, meet at a price; the allocation that is least there takes the place of one, until none is lower. No step size or
/// first price has to be chosen.
/// </remarks>
internal sealed class LagrangianDual
{
    /// <summary>A few dozen lines are met in practice; what was found by then is a bound too.</summary>
    private const int MaximumLines = 100;

    private LagrangianDual(double price, double bound, int[] within) => (Price, Bound, Within) = (price, bound, within);

    public double Price { get; }

    /// <summary>No allocation within the budget loses less.</summary>
    public double Bound { get; }

    /// <summary>The last allocation within the budget.</summary>
    public int[] Within { get; }

    /// <summary>The best options must cost more than the budget, and the lowest not.</summary>
    public static LagrangianDual Of(Menu menu, AdditiveCost cost, Elimination elimination, double budget)
    {
        var (beyond, within) = (menu.Best(), menu.Lowest());
        var (bestPrice, best) = (0.0, menu.Loss(beyond));
        for (var i = 0; i < MaximumLines; i++)
        {
            var over = cost.Total(beyond) - budget;
            var price = (menu.Loss(within) - menu.Loss(beyond)) / (over - (cost.Total(within) - budget));
            var met = menu.Loss(beyond) + (price * over);
            var value = elimination.Solve(price) - (price * budget);
            if (value > best)
            {
                (bestPrice, best) = (price, value);
            }

            if (value >= met - (1e-12 * Math.Abs(met)))
            {
                break;
            }

            var found = elimination.Minimiser();
            if (cost.Total(found) > budget)
            {
                beyond = found;
            }
            else
            {
                within = found;
            }
        }

        return new LagrangianDual(bestPrice, best, within);
    }
}
