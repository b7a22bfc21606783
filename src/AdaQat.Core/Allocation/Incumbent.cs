namespace AdaQat.Allocation;

/// <summary>The best allocation so far; what is within the budget, the problem's own cost decides.</summary>
internal sealed class Incumbent
{
    private readonly Menu _menu;
    private readonly BlackBoxCost _cost;
    private readonly double _budget;

    /// <summary>Begins at the least bits, which must be within the budget.</summary>
    public Incumbent(Menu menu, BlackBoxCost cost, double budget)
    {
        (_menu, _cost, _budget, At) = (menu, cost, budget, menu.Lowest());
        Loss = menu.Loss(At);
    }

    public int[] At { get; private set; }

    public double Loss { get; private set; }

    /// <summary>The loss that is no gain over the best so far, as the rounding of sums must not pass for one.</summary>
    public double NoGain => Loss - (1e-12 * Math.Abs(Loss));

    /// <summary>Keeps what is better, which must stay as it is; false where the cost is beyond the budget.</summary>
    public bool Offer(int[] at)
    {
        if (_cost.Total(at) > _budget)
        {
            return false;
        }

        var loss = _menu.Loss(at);
        if (loss < Loss)
        {
            (At, Loss) = (at, loss);
        }

        return true;
    }
}
