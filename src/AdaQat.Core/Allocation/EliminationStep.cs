namespace AdaQat.Allocation;

/// <summary>One width leaves the problem: for all options of those it is tied to, the least that it and all before it can add.</summary>
internal sealed class EliminationStep
{
    private readonly Menu _menu;
    private readonly AdditiveCost _cost;
    private readonly (int Other, double[][] Table)[] _pairs;
    private readonly double[] _values;
    private readonly double[] _least;

    /// <param name="menu">The options.</param>
    /// <param name="cost">The tables.</param>
    /// <param name="width">That leaves.</param>
    /// <param name="scope">The widths that it is still tied to.</param>
    public EliminationStep(Menu menu, AdditiveCost cost, int width, int[] scope)
    {
        (_menu, _cost, Width, Scope) = (menu, cost, width, scope);
        _least = new double[scope.Aggregate(1, (size, w) => size * menu.Size(w))];
        _values = new double[_least.Length * menu.Size(width)];
        _pairs = cost.Pairs(width).Where(p => scope.Contains(p.Other)).ToArray();
    }

    public int Width { get; }

    public IReadOnlyList<int> Scope { get; }

    /// <summary>Steps before this one whose scope has this width left first.</summary>
    public List<EliminationStep> Children { get; } = [];

    /// <summary>The least, where the scope has these options.</summary>
    public double Least(int[] at) => _least[Context(at)];

    /// <summary>How much more than the least it is with this option.</summary>
    public double Excess(int[] at, int option)
    {
        var context = Context(at);
        return _values[(context * _menu.Size(Width)) + option] - _least[context];
    }

    /// <summary>The option at which it is the least; of equal ones the cheapest.</summary>
    public int Choice(int[] at)
    {
        var size = _menu.Size(Width);
        var values = _values.AsSpan(Context(at) * size, size);
        return values.IndexOf(_least[Context(at)]);
    }

    /// <summary>Works out all values at a price of cost; the children must have theirs.</summary>
    public void Fill(double price, int[] at)
    {
        var size = _menu.Size(Width);
        for (var context = 0; context < _least.Length; context++)
        {
            Show(context, at);
            _least[context] = double.PositiveInfinity;
            for (var option = 0; option < size; option++)
            {
                at[Width] = option;
                var value = Value(price, at, option);
                _values[(context * size) + option] = value;
                _least[context] = Math.Min(_least[context], value);
            }
        }
    }

    private double Value(double price, int[] at, int option)
    {
        var cost = _cost.Own(Width, option);
        foreach (var (other, table) in _pairs)
        {
            cost += table[option][at[other]];
        }

        var value = _menu.Loss(Width, option) + (price * cost);
        foreach (var child in Children)
        {
            value += child.Least(at);
        }

        return value;
    }

    private int Context(int[] at)
    {
        var context = 0;
        foreach (var width in Scope)
        {
            context = (context * _menu.Size(width)) + at[width];
        }

        return context;
    }

    private void Show(int context, int[] at)
    {
        for (var i = Scope.Count - 1; i >= 0; i--)
        {
            (context, at[Scope[i]]) = Math.DivRem(context, _menu.Size(Scope[i]));
        }
    }
}
