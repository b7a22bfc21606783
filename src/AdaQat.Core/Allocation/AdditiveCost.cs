namespace AdaQat.Allocation;

/// <summary>The cost as a constant, a table for each width and one for each two widths that share blocks.</summary>
internal sealed class AdditiveCost : ISearchCost
{
    private readonly double[][] _own;
    private readonly List<(int Other, double[][] Table)>[] _pairs;

    /// <param name="menu">The options that the tables are over.</param>
    /// <param name="blocks">Their sum is the cost, but for a constant.</param>
    /// <param name="least">The cost of the least bits, which gives the constant.</param>
    public AdditiveCost(Menu menu, IReadOnlyList<CostBlock> blocks, double least)
    {
        _own = Enumerable.Range(0, menu.Count).Select(i => new double[menu.Size(i)]).ToArray();
        _pairs = Enumerable.Range(0, menu.Count).Select(_ => new List<(int, double[][])>()).ToArray();
        foreach (var block in blocks)
        {
            if (block.First == block.Second)
            {
                AddOwn(menu, block);
            }
            else
            {
                AddPair(menu, block.First, block.Second, block.Cost);
                AddPair(menu, block.Second, block.First, (b, a) => block.Cost(a, b));
            }
        }

        Constant = least - Total(menu.Lowest());
    }

    /// <summary>What is not in any table.</summary>
    public double Constant { get; }

    /// <summary>The summand of one width.</summary>
    public double Own(int width, int option) => _own[width][option];

    /// <summary>For each width that shares blocks with this one, their sum by this one's option, then the other's.</summary>
    public IReadOnlyList<(int Other, double[][] Table)> Pairs(int width) => _pairs[width];

    public double Total(int[] at)
    {
        var sum = Constant;
        for (var i = 0; i < at.Length; i++)
        {
            sum += _own[i][at[i]];
            foreach (var (other, table) in _pairs[i])
            {
                // Each pair is listed at both its widths.
                sum += other > i ? table[at[i]][at[other]] : 0;
            }
        }

        return sum;
    }

    public double TotalWith(int[] at, double total, int width, int option)
    {
        var from = at[width];
        total += _own[width][option] - _own[width][from];
        foreach (var (other, table) in _pairs[width])
        {
            total += table[option][at[other]] - table[from][at[other]];
        }

        return total;
    }

    private void AddOwn(Menu menu, CostBlock block)
    {
        for (var option = 0; option < menu.Size(block.First); option++)
        {
            var bits = menu.Bits(block.First, option);
            _own[block.First][option] += Finite(block.Cost(bits, bits));
        }
    }

    private void AddPair(Menu menu, int width, int other, Func<int, int, double> cost)
    {
        var table = _pairs[width].Find(p => p.Other == other).Table;
        if (table is null)
        {
            table = Enumerable.Range(0, menu.Size(width)).Select(_ => new double[menu.Size(other)]).ToArray();
            _pairs[width].Add((other, table));
        }

        for (var option = 0; option < table.Length; option++)
        {
            for (var second = 0; second < table[option].Length; second++)
            {
                table[option][second] += Finite(cost(menu.Bits(width, option), menu.Bits(other, second)));
            }
        }
    }

    private static double Finite(double cost)
    {
        AllocationProblem.Require(double.IsFinite(cost), $"A block costs {cost}.");
        return cost;
    }
}
