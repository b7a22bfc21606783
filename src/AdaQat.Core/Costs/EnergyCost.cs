using AdaQat.Costs;

namespace AdaQat;

/// <summary>
/// The energy of one inference of one sample by a table of energies: multiplications and additions at their widths, and, where the memory
/// traffic is given, what moves from and to memory.
/// </summary>
/// <remarks>
/// Control, leakage, clocks, normalisation and activation functions are not in it: it compares choices of widths, and is no measurement.
/// In the loss it is L_hard = 64 · energy / energy at 8 bits, over the layers with a learned width: 64 at 8/8, as bit operations have it,
/// so that a λ weighs about the same.
/// </remarks>
public sealed class EnergyCost : IHardwareCost
{
    private const double MicrojoulesPerPicojoule = 1e-6;
    private const int ReferenceBits = 8;
    private const double ReferenceLoss = ReferenceBits * ReferenceBits;

    private readonly EnergyTable _table;
    private readonly MemoryTrafficCost? _traffic;
    private readonly SumOfLayers _sum;

    /// <summary>A cost by a table.</summary>
    /// <param name="table">The energies.</param>
    /// <param name="traffic">What moves, <see cref="QuantizedModel.MemoryTraffic"/>; null counts arithmetic alone.</param>
    /// <exception cref="ArgumentException">The table has a number outside what is allowed.</exception>
    public EnergyCost(EnergyTable table, MemoryTrafficCost? traffic = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Validate();
        (_table, _traffic) = (table, traffic);
        _sum = new SumOfLayers(
            Microjoules, l => l.IsLearned, l => Microjoules(new LayerBits(l, ReferenceBits, ReferenceBits)), ReferenceLoss);
    }

    /// <inheritdoc/>
    public string Name => "energy";

    /// <inheritdoc/>
    public string Unit => "µJ";

    /// <inheritdoc/>
    public bool IsSumOverLayers => true;

    /// <summary>The energy over all layers, in µJ.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers) => _sum.Total(layers)
        + ((_traffic?.FixedActivationBits ?? 0) * _table.ActivationMemory * MicrojoulesPerPicojoule);

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers) => _sum.Loss(layers);

    /// <inheritdoc/>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width) => _sum.Derivative(layers, width);

    private double Microjoules(LayerBits layer)
    {
        var arithmetic = layer.Layer.Macs * _table.MultiplyAccumulate(layer.WeightBits, layer.ActivationBits);
        var memory = _traffic is null ? 0
            : 8 * ((MemoryTrafficCost.WeightBytes(layer) * _table.WeightMemory)
                + (_traffic.ActivationBytes(layer) * _table.ActivationMemory));
        return (arithmetic + memory) * MicrojoulesPerPicojoule;
    }
}
