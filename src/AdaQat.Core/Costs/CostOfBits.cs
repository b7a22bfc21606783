using AdaQat.Allocation;

namespace AdaQat.Costs;

/// <summary>The cost of a network as a function of the bits of some of its widths; all others as they are when this is made.</summary>
internal sealed class CostOfBits
{
    private readonly IHardwareCost _cost;
    private readonly IReadOnlyList<LayerBits> _layers;
    private readonly IReadOnlyList<(int Weight, int Activation)> _places;

    public CostOfBits(IHardwareCost cost, IReadOnlyList<LayerProfile> layers, IReadOnlyList<BitWidth> widths)
    {
        (_cost, _layers, Widths) = (cost, LayerBits.InForce(layers), widths);
        var places = new Dictionary<BitWidth, int>(ReferenceEqualityComparer.Instance);
        for (var place = 0; place < widths.Count; place++)
        {
            places.Add(widths[place], place);
        }

        _places = layers.Select(l => (places.GetValueOrDefault(l.WeightBits, -1), places.GetValueOrDefault(l.ActivationBits, -1))).ToList();
    }

    /// <summary>The widths whose bits are given, in the order in which they are given.</summary>
    public IReadOnlyList<BitWidth> Widths { get; }

    /// <summary>The cost in its own unit.</summary>
    public double Total(IReadOnlyList<int> bits) => _cost.Total(At(bits));

    /// <summary>∂L_hard/∂N of the width at <paramref name="place"/>.</summary>
    public double Derivative(IReadOnlyList<int> bits, int place) => _cost.Derivative(At(bits), Widths[place]);

    /// <summary>The cost as a sum of what layers cost, of those that one of the widths serves; null where it is no such sum.</summary>
    public IReadOnlyList<CostBlock>? Blocks() => _cost.IsSumOverLayers
        ? [.. _layers.Zip(_places).Where(l => l.Second.Weight >= 0 || l.Second.Activation >= 0).Select(l => Block(l.First, l.Second))]
        : null;

    /// <summary>
    /// The cost at real widths: linear between the integer points on the corners of their cell, along the path from the upper corner on
    /// which the width with the largest part of its bit gone is lowered first. It is continuous, and exact at integers.
    /// </summary>
    public double Real(IReadOnlyList<double> values)
    {
        var bits = Widths.Zip(values, (width, value) => width.BitsOf(value)).ToArray();
        var gone = Widths.Zip(values, (width, value) => PartOfBitGone(width, value)).ToList();
        var total = Total(bits);
        var corner = total;
        foreach (var i in Enumerable.Range(0, values.Count).Where(i => gone[i] > 0).OrderByDescending(i => gone[i]))
        {
            bits[i] = Widths[i].Below(bits[i])!.Value;
            var next = Total(bits);
            total += gone[i] * (next - corner);
            corner = next;
        }

        return total;
    }

    /// <summary>How far a real width has come from its integer one to the next lower one, from 0 to 1.</summary>
    private static double PartOfBitGone(BitWidth width, double value)
    {
        var upper = width.BitsOf(value);
        return width.Below(upper) is { } lower ? (upper - value) / (upper - lower) : 0;
    }

    private CostBlock Block(LayerBits layer, (int Weight, int Activation) place) => place switch
    {
        (var weight, < 0) => CostBlock.OfOne(weight, bits => _cost.Total([layer with { WeightBits = bits }])),
        ( < 0, var activation) => CostBlock.OfOne(activation, bits => _cost.Total([layer with { ActivationBits = bits }])),
        var (weight, activation) => new CostBlock(
            weight, activation, (w, a) => _cost.Total([layer with { WeightBits = w, ActivationBits = a }])),
    };

    private List<LayerBits> At(IReadOnlyList<int> bits) => _layers.Zip(_places, (layer, place) => layer with
    {
        WeightBits = place.Weight < 0 ? layer.WeightBits : bits[place.Weight],
        ActivationBits = place.Activation < 0 ? layer.ActivationBits : bits[place.Activation],
    }).ToList();
}
