using AdaQat.Costs;

namespace AdaQat.Steering;

/// <summary>
/// The cost of a network at widths that are not in force: any <see cref="IHardwareCost"/> reads <see cref="BitWidth.Bits"/>, so the widths show
/// the numbers asked for until this is disposed.
/// </summary>
internal sealed class CostAt : IDisposable
{
    private readonly IHardwareCost _cost;
    private readonly IReadOnlyList<LayerCost> _layers;
    private readonly IReadOnlyList<BitWidth> _widths;
    private readonly BitWidth.Probe[] _shown;

    /// <summary>Begins at the bits in force.</summary>
    public CostAt(IHardwareCost cost, IReadOnlyList<LayerCost> layers, IReadOnlyList<BitWidth> widths)
    {
        (_cost, _layers, _widths) = (cost, layers, widths);
        _shown = widths.Select(w => w.At(w.Bits)).ToArray();
    }

    public IReadOnlyList<BitWidth> Widths => _widths;

    /// <summary>The bits that the width at <paramref name="place"/> shows, within its range.</summary>
    public int this[int place]
    {
        get => _widths[place].Bits;
        set => _shown[place] = _widths[place].At(value);
    }

    /// <summary>The cost at the bits shown, in its own unit.</summary>
    public double Total() => _cost.Total(_layers);

    /// <summary>The same with one width at other bits.</summary>
    public double TotalWith(int place, int bits)
    {
        var kept = this[place];
        this[place] = bits;
        var total = Total();
        this[place] = kept;
        return total;
    }

    /// <summary>∂L_hard/∂N at the bits shown.</summary>
    public double Derivative(int place) => _cost.Derivative(_layers, _widths[place]);

    /// <summary>
    /// The cost at real widths: linear between the integer points on the corners of their cell, along the path from the upper corner on
    /// which the width with the largest part of its bit gone is lowered first. It is continuous, and exact at integers.
    /// </summary>
    public double Real(IReadOnlyList<double> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            this[i] = (int)Math.Ceiling(values[i]);
        }

        var total = Total();
        var corner = total;
        foreach (var i in Enumerable.Range(0, values.Count).Where(i => values[i] < this[i]).OrderByDescending(i => this[i] - values[i]).ToList())
        {
            var gone = this[i] - values[i];
            this[i]--;
            var next = Total();
            total += gone * (next - corner);
            corner = next;
        }

        return total;
    }

    public void Dispose()
    {
        foreach (var shown in _shown)
        {
            shown.Dispose();
        }
    }
}
