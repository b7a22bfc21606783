namespace AdaQat.Costs;

/// <summary>A memory of so many elements a layer, each of some bits: the sum in bits, and its normalised form and derivative.</summary>
/// <param name="count">Elements of a layer.</param>
/// <param name="width">The width they have.</param>
/// <param name="bits">The bits asked at.</param>
internal sealed class MemoryCost(Func<LayerProfile, long> count, Func<LayerProfile, BitWidth> width, Func<LayerBits, int> bits)
{
    /// <summary>Σ count·n over all layers, in bits.</summary>
    public double Total(IReadOnlyList<LayerBits> layers) => layers.Sum(l => (double)count(l.Layer) * bits(l));

    /// <summary>Σ count·N / Σ count over the layers whose width is learned: the mean width of an element, in bits.</summary>
    public double Loss(IReadOnlyList<LayerBits> layers)
    {
        var learned = layers.Where(l => width(l.Layer).IsLearned).ToList();
        var elements = learned.Sum(l => (double)count(l.Layer));
        return elements == 0 ? 0 : Total(learned) / elements;
    }

    /// <summary>The share of the learned elements that the width serves; 0 for a width of another kind.</summary>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth served)
    {
        var elements = layers.Where(l => width(l.Layer).IsLearned).Sum(l => (double)count(l.Layer));
        return elements == 0 ? 0 : layers.Where(l => ReferenceEquals(width(l.Layer), served)).Sum(l => (double)count(l.Layer)) / elements;
    }
}
